import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonValue } from '../../../src/base/json';
import { readFrontmatter } from '../../../src/protocol/frontmatter';

function read(yaml: string): JsonValue {
  const result = readFrontmatter(`---\n${yaml}\n---\nbody`);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

const READS: readonly (readonly [string, JsonValue])[] = [
  ['', {}],
  ['# only a comment', {}],
  ['name: a-b\ndescription: Some text: no', 'refused'],
  ['name: a-b\ndescription: "Some text: yes" # note', { name: 'a-b', description: 'Some text: yes' }],
  ["a: 'it''s'", { a: "it's" }],
  ['a: "tab\\t \\u00e9"', { a: 'tab\t é' }],
  ['a: 1\nb: -2.5\nc: 1e3\nd: 0x1F\ne: 0o17', { a: 1, b: -2.5, c: 1000, d: 31, e: 15 }],
  ['a: true\nb: False\nc: null\nd: ~\ne:', { a: true, b: false, c: null, d: null, e: null }],
  ['a: yes\nb: 1.2.3\nc: http://x/#y', { a: 'yes', b: '1.2.3', c: 'http://x/#y' }],
  ['metadata:\n  author: x\n  version: "1.0"', { metadata: { author: 'x', version: '1.0' } }],
  ['a:\n- 1\n- b\nc: d', { a: [1, 'b'], c: 'd' }],
  ['a:\n  - x: 1\n    y: 2\n  - z', { a: [{ x: 1, y: 2 }, 'z'] }],
  ['a: [1, "b, c", {d: e}, []]', { a: [1, 'b, c', { d: 'e' }, []] }],
  ['a: one\n  two\n\n  three', { a: 'one two\nthree' }],
  ['a: |\n  one\n   two\n\n  three\n\nb: c', { a: 'one\n two\n\nthree\n', b: 'c' }],
  ['a: >-\n  one\n  two\n\n  three\n', { a: 'one two\nthree' }],
  ['a: >\n  one\n    deep\n  two', { a: 'one\n  deep\ntwo\n' }],
  ['a: |+\n  one\n\nb: c', { a: 'one\n\n', b: 'c' }],
  ["a: 'a long text: over\n  two lines'\nb: c", { a: 'a long text: over two lines', b: 'c' }],
  ['a: "caf\\xE9 and \\\n  \\  more"', { a: 'café and   more' }],
  ['a: "one\n\n  two"', { a: 'one\ntwo' }],
  ['a: [1,\n  b,\n]', { a: [1, 'b'] }],
  ['a: \u00a0b', { a: '\u00a0b' }],
  ['a: 2026-01-02', { a: '2026-01-02' }],
  ['<<: {a: 1}', { '<<': { a: 1 } }],
  ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
  ['a: &x 1', { a: 1 }],
  ['a: &x 1\nb: *x', 'refused'],
  ['a: *x', 'refused'],
  ['a: !!str 1', { a: '1' }],
  ['a: !mine 1', 'refused'],
  ['a: !!binary aGk=', 'refused'],
  ['%YAML 1.1\na: yes', 'refused'],
  ['a: 1\n...\nb: 2', 'refused'],
  ['a: 1e400', 'refused'],
  ['a: {b: 1, b: 2}', 'refused'],
  ['a: 1\na: 2', 'refused'],
  ['a: .inf', 'refused'],
  ['a: "open', 'refused'],
  ['a: "x" y', 'refused'],
  ['a: "x"# y', 'refused'],
  ['a: [1, 2', 'refused'],
  ['- a', 'refused'],
  ['\ta: 1', 'refused'],
  ['a: 1\n  b: 2', 'refused'],
  ['? [a]\n: b', 'refused'],
];

for (const [yaml, value] of READS)
  test(`the frontmatter ${JSON.stringify(yaml)} ${value === 'refused' ? 'is refused' : 'is read'}`, () => {
    const text = `---\n${yaml}\n---\n`;
    if (value === 'refused') assert.equal(readFrontmatter(text).ok, false);
    else assert.deepEqual(read(yaml), value);
  });

test('a key named __proto__ is a key like any other', () => {
  const value = read('__proto__: x') as object;
  assert.deepEqual([Object.keys(value), 'x' in {}], [['__proto__'], false]);
});

test('line ends of Windows and a byte order mark make no difference', () => {
  const result = readFrontmatter('\ufeff---\r\na: b\r\n---\r\nbody');
  assert.ok(result.ok);
  assert.deepEqual(result.value, { a: 'b' });
});

test('what never ends, is nested without end, or is no frontmatter is refused', () => {
  for (const text of [
    'a: b',
    '---\na: b',
    `---\na: ${'x'.repeat(70_000)}\n---\n`,
    `---\na: ${'['.repeat(65_000)}\n---\n`,
    `---\na: ${'{'.repeat(65_000)}\n---\n`,
    `---\na: ${'[{a: '.repeat(13_000)}\n---\n`,
    `---\n${Array.from({ length: 40 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\n---\n`,
    `---\n${'- '.repeat(3_000)}a\n---\n`,
  ])
    assert.equal(readFrontmatter(text).ok, false, text.slice(0, 40));
});

test('the longest frontmatter of many keys is read in one pass', () => {
  const keys = Array.from({ length: 8_000 }, (_, index) => `k${index}:`);
  assert.equal(Object.keys(read(keys.join('\n')) as object).length, 8_000);
});

test('any text comes to an end, and values that are quoted as JSON come back', () => {
  const parts = [
    'a',
    'b',
    '1',
    ' ',
    ':',
    '-',
    '"',
    "'",
    '#',
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
    '\n',
    '\t',
    '&',
    '*',
    '\\',
    '.',
  ];
  const unit = fc.constantFrom(...parts);
  const yamlish = fc.string({ unit, maxLength: 200 });
  fc.assert(fc.property(yamlish, (yaml) => void readFrontmatter(`---\n${yaml}\n---\n`)));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (values) => {
      const entries = Object.entries(values).filter(([key]) => key !== '__proto__');
      const yaml = entries
        .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
        .join('\n');
      assert.deepEqual(read(yaml), Object.fromEntries(entries));
    }),
  );
});
