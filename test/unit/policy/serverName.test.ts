import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { confusableWith, readServerName } from '../../../src/policy/readServerEntry';

const NAMES: readonly (readonly [name: string, allowed: boolean])[] = [
  ['github', true],
  ['my server.v1@x-y_z', true],
  ['constructor', true],
  ['a'.repeat(64), true],
  ['a'.repeat(65), false],
  ['', false],
  ['.', false],
  ['..', false],
  ['-', false],
  [' a', false],
  ['a ', false],
  ['__proto__', false],
  ['../../etc', false],
  ['a/b', false],
  ['a\0b', false],
  ['a\nb', false],
  ['a\n', false],
  ['a\tb', false],
  ['gіthub', false],
  ['a\u200b', false],
  ['\ud800', false],
  ['é', false],
  ['a:b', false],
];
for (const [name, allowed] of NAMES) {
  test(`the name ${JSON.stringify(name).slice(0, 40)} is ${allowed ? 'allowed' : 'refused'}`, () => {
    const read = readServerName(name);
    assert.equal(read.ok, allowed);
    if (read.ok) assert.equal(read.value, name);
    else assert.doesNotMatch(read.error.field, /\p{C}/u);
  });
}

test('no name outside the pattern passes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (name) => {
      if (readServerName(name).ok) assert.match(name, /^[\w@.-](?:[\w .@-]{0,62}[\w@.-])?$/);
    }),
  );
});

const LOOK_ALIKES: readonly (readonly [a: string, b: string])[] = [
  ['github', 'gіthub'],
  ['github', 'GitHub'],
  ['github', 'github '],
  ['github', 'github\u200b'],
  ['github', 'ｇｉｔｈｕｂ'],
  ['github', 'githυb'],
  ['files', 'fi1es'],
  ['tool', 't00l'],
  ['modern', 'rnodern'],
  ['straße', 'STRASSE'],
  ['a  b', 'a b'],
  ['a-b', 'a–b'],
];
for (const [a, b] of LOOK_ALIKES) {
  test(`${JSON.stringify(a)} and ${JSON.stringify(b)} are flagged on both`, () => {
    assert.deepEqual(
      [...confusableWith(['other', a, b])],
      [
        [a, [b]],
        [b, [a]],
      ],
    );
  });
}

test('different names are not flagged, nor is a name the double of itself', () => {
  assert.equal(confusableWith(['github', 'gitlab', 'git', 'github', 'constructor', '__proto__', '']).size, 0);
});
