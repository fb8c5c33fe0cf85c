import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  expandUriTemplate,
  parseUriTemplate,
  type TemplateValue,
} from '../../../src/presentation/uriTemplate';
import { processorMs } from '../../support/processorTime';

/** The variables of RFC 6570 §3.2. */
const VALUES = new Map<string, TemplateValue>([
  ['count', ['one', 'two', 'three']],
  ['dom', ['example', 'com']],
  ['dub', 'me/too'],
  ['hello', 'Hello World!'],
  ['half', '50%'],
  ['var', 'value'],
  ['who', 'fred'],
  ['base', 'http://example.com/home/'],
  ['path', '/foo/bar'],
  ['list', ['red', 'green', 'blue']],
  [
    'keys',
    new Map([
      ['semi', ';'],
      ['dot', '.'],
      ['comma', ','],
    ]),
  ],
  ['v', '6'],
  ['x', '1024'],
  ['y', '768'],
  ['empty', ''],
  ['empty_keys', new Map()],
]);

/** The examples of RFC 6570 §1.2 and §3.2.2 to §3.2.9. */
const EXAMPLES: readonly [string, string][] = [
  ['{var}', 'value'],
  ['{hello}', 'Hello%20World%21'],
  ['{half}', '50%25'],
  ['O{empty}X', 'OX'],
  ['O{undef}X', 'OX'],
  ['{x,y}', '1024,768'],
  ['{x,hello,y}', '1024,Hello%20World%21,768'],
  ['?{x,empty}', '?1024,'],
  ['?{x,undef}', '?1024'],
  ['?{undef,y}', '?768'],
  ['{var:3}', 'val'],
  ['{var:30}', 'value'],
  ['{list}', 'red,green,blue'],
  ['{list*}', 'red,green,blue'],
  ['{keys}', 'semi,%3B,dot,.,comma,%2C'],
  ['{keys*}', 'semi=%3B,dot=.,comma=%2C'],
  ['{+var}', 'value'],
  ['{+hello}', 'Hello%20World!'],
  ['{+half}', '50%25'],
  ['{base}index', 'http%3A%2F%2Fexample.com%2Fhome%2Findex'],
  ['{+base}index', 'http://example.com/home/index'],
  ['O{+empty}X', 'OX'],
  ['{+path}/here', '/foo/bar/here'],
  ['here?ref={+path}', 'here?ref=/foo/bar'],
  ['up{+path}{var}/here', 'up/foo/barvalue/here'],
  ['{+x,hello,y}', '1024,Hello%20World!,768'],
  ['{+path:6}/here', '/foo/b/here'],
  ['{+list*}', 'red,green,blue'],
  ['{+keys}', 'semi,;,dot,.,comma,,'],
  ['{+keys*}', 'semi=;,dot=.,comma=,'],
  ['{#var}', '#value'],
  ['{#hello}', '#Hello%20World!'],
  ['{#half}', '#50%25'],
  ['foo{#empty}', 'foo#'],
  ['foo{#undef}', 'foo'],
  ['{#x,hello,y}', '#1024,Hello%20World!,768'],
  ['{#path,x}/here', '#/foo/bar,1024/here'],
  ['{#path:6}/here', '#/foo/b/here'],
  ['{#list*}', '#red,green,blue'],
  ['{#keys*}', '#semi=;,dot=.,comma=,'],
  ['{.who}', '.fred'],
  ['{.who,who}', '.fred.fred'],
  ['{.half,who}', '.50%25.fred'],
  ['www{.dom*}', 'www.example.com'],
  ['X{.var}', 'X.value'],
  ['X{.empty}', 'X.'],
  ['X{.undef}', 'X'],
  ['X{.var:3}', 'X.val'],
  ['X{.list}', 'X.red,green,blue'],
  ['X{.list*}', 'X.red.green.blue'],
  ['X{.keys*}', 'X.semi=%3B.dot=..comma=%2C'],
  ['X{.empty_keys}', 'X'],
  ['X{.empty_keys*}', 'X'],
  ['{/who}', '/fred'],
  ['{/half,who}', '/50%25/fred'],
  ['{/who,dub}', '/fred/me%2Ftoo'],
  ['{/var,empty}', '/value/'],
  ['{/var,x}/here', '/value/1024/here'],
  ['{/var:1,var}', '/v/value'],
  ['{/list*}', '/red/green/blue'],
  ['{/list*,path:4}', '/red/green/blue/%2Ffoo'],
  ['{/keys*}', '/semi=%3B/dot=./comma=%2C'],
  ['{;who}', ';who=fred'],
  ['{;half}', ';half=50%25'],
  ['{;empty}', ';empty'],
  ['{;v,empty,who}', ';v=6;empty;who=fred'],
  ['{;v,bar,who}', ';v=6;who=fred'],
  ['{;hello:5}', ';hello=Hello'],
  ['{;list}', ';list=red,green,blue'],
  ['{;list*}', ';list=red;list=green;list=blue'],
  ['{;keys}', ';keys=semi,%3B,dot,.,comma,%2C'],
  ['{;keys*}', ';semi=%3B;dot=.;comma=%2C'],
  ['{?who}', '?who=fred'],
  ['{?x,y}', '?x=1024&y=768'],
  ['{?x,y,empty}', '?x=1024&y=768&empty='],
  ['{?x,y,undef}', '?x=1024&y=768'],
  ['{?var:3}', '?var=val'],
  ['{?list}', '?list=red,green,blue'],
  ['{?list*}', '?list=red&list=green&list=blue'],
  ['{?keys}', '?keys=semi,%3B,dot,.,comma,%2C'],
  ['{?keys*}', '?semi=%3B&dot=.&comma=%2C'],
  ['{&who}', '&who=fred'],
  ['?fixed=yes{&x}', '?fixed=yes&x=1024'],
  ['{&x,y,empty}', '&x=1024&y=768&empty='],
  ['{&list*}', '&list=red&list=green&list=blue'],
  ['{&keys*}', '&semi=%3B&dot=.&comma=%2C'],
];

function expand(template: string, values: ReadonlyMap<string, TemplateValue> = VALUES): string {
  const parsed = parseUriTemplate(template);
  assert.ok(parsed.ok, template);
  const uri = expandUriTemplate(parsed.value, values);
  assert.ok(uri.ok, template);
  return uri.value;
}

test('the examples of RFC 6570 expand as they should', () => {
  for (const [template, uri] of EXAMPLES) assert.equal(expand(template), uri, template);
});

test('templates of servers are read with their variables in order, each once', () => {
  const parsed = parseUriTemplate('trail://trails/{trail}/notes/{number}{?trail,limit,tags*}');
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value.variables, [
    { name: 'trail', explode: false, optional: false },
    { name: 'number', explode: false, optional: false },
    { name: 'limit', explode: false, optional: true },
    { name: 'tags', explode: true, optional: true },
  ]);
});

test('values cannot leave their place', () => {
  const values = new Map([['path', '../../etc/passwd?x#y']]);
  assert.equal(expand('file:///home/{path}', values), 'file:///home/..%2F..%2Fetc%2Fpasswd%3Fx%23y');
  assert.equal(
    expand('x:{path}', new Map([['path', 'a\u202Eb😀\uD800']])),
    'x:a%E2%80%AEb%F0%9F%98%80%EF%BF%BD',
  );
});

test('templates that are no templates are refused', () => {
  for (const template of [
    '{',
    '{a',
    'a}',
    '{}',
    '{a b}',
    '{=a}',
    '{|a}',
    '{a:0}',
    '{a:99999}',
    '{a**}',
    '{{a}}',
    'x'.repeat(9_000),
  ])
    assert.equal(parseUriTemplate(template).ok, false, template.slice(0, 20));
  assert.equal(parseUriTemplate('{a}'.repeat(101)).ok, false);
});

test('an address that becomes too long is refused', () => {
  const parsed = parseUriTemplate('{a}'.repeat(50));
  assert.ok(parsed.ok);
  assert.equal(expandUriTemplate(parsed.value, new Map([['a', 'x'.repeat(8_000)]])).ok, false);
});

test('no template and no value makes the expander throw or take long', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    'a',
    '*',
    ':',
    '3',
    ',',
    '+',
    '#',
    '?',
    '&',
    '/',
    '.',
    '%',
    '%4',
    '{a*}',
    '{+b:2}',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
      (template, value) => {
        const parsed = parseUriTemplate(template);
        if (parsed.ok)
          expandUriTemplate(
            parsed.value,
            new Map<string, TemplateValue>([
              ['a', [value, value]],
              ['b', value],
            ]),
          );
      },
    ),
    { numRuns: 2_000 },
  );
  const started = processorMs();
  for (const hostile of [
    '{'.repeat(8_000),
    '{a*'.repeat(2_000),
    `{${'a.'.repeat(4_000)}}`,
    `{${'%41'.repeat(2_600)}!}`,
  ])
    parseUriTemplate(hostile);
  assert.ok(processorMs() - started < 500);
});
