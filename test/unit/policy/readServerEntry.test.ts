import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_OAUTH } from '../../../src/policy/oauthRule';
import { readServerEntry } from '../../../src/policy/readServerEntry';
import { ROOTS_RULES, type ServerEntry } from '../../../src/policy/serverEntry';
import { DEFAULT_TIMEOUTS } from '../../../src/policy/timeouts';
import { processorMs } from '../../support/processorTime';
import { entryOf } from './entries';

test('a command alone is a complete entry', () => {
  assert.deepEqual(entryOf({ command: 'node' }), {
    launch: { kind: 'local', command: 'node', args: [], env: new Map() },
    start: 'onOpen',
    strict: false,
    timeouts: DEFAULT_TIMEOUTS,
    tools: { deny: [] },
    sampling: { kind: 'ask', outsideCalls: false },
    roots: 'ask',
  } satisfies ServerEntry);
});

test('every field of a local entry is read', () => {
  const raw = {
    type: 'stdio',
    command: 'node',
    args: ['server.js', ''],
    cwd: '${workspaceFolder}',
    env: { A: 'x', PORT: 3000, GONE: null },
    envFile: '.env',
    start: 'onDemand',
    strict: true,
    timeouts: { connect: 5, request: 1.5, total: 3600 },
    tools: { allow: ['a*'], deny: ['b'] },
    sampling: { model: 'haiku', outsideCalls: true },
    roots: 'none',
    logLevel: 'warning',
  };
  assert.deepEqual(readServerEntry(raw), {
    entry: {
      launch: {
        kind: 'local',
        command: 'node',
        args: ['server.js', ''],
        cwd: '${workspaceFolder}',
        env: new Map<string, string | null>([
          ['A', 'x'],
          ['PORT', '3000'],
          ['GONE', null],
        ]),
        envFile: '.env',
      },
      start: 'onDemand',
      strict: true,
      timeouts: { connect: 5_000, request: 1_500, total: 3_600_000 },
      tools: { allow: ['a*'], deny: ['b'] },
      sampling: { kind: 'ask', model: 'haiku', outsideCalls: true },
      roots: 'none',
      logLevel: 'warning',
    },
    problems: [],
    warnings: [],
  });
});

test('a remote entry is read, and knows no folders unless told to', () => {
  const raw = { type: 'sse', url: 'https://example.com/mcp', headers: { 'X-Key': '${input:key}' } };
  const entry = entryOf(raw);
  assert.deepEqual(entry.launch, {
    kind: 'remote',
    url: raw.url,
    transport: 'sse',
    headers: new Map([['X-Key', '${input:key}']]),
    oauth: DEFAULT_OAUTH,
  });
  assert.equal(entry.roots, 'none');
  for (const roots of ROOTS_RULES) assert.equal(entryOf({ ...raw, roots }).roots, roots);
});

const SAMPLING: readonly (readonly [unknown, ServerEntry['sampling']])[] = [
  [undefined, { kind: 'ask', outsideCalls: false }],
  ['ask', { kind: 'ask', outsideCalls: false }],
  ['off', { kind: 'off' }],
  [{}, { kind: 'ask', outsideCalls: false }],
  [{ model: 'x' }, { kind: 'ask', model: 'x', outsideCalls: false }],
  [{ reviewAnswer: false }, { kind: 'ask', outsideCalls: false, reviewAnswer: false }],
  [{ reviewAnswer: true }, { kind: 'ask', outsideCalls: false, reviewAnswer: true }],
];
for (const [sampling, rule] of SAMPLING) {
  test(`sampling ${JSON.stringify(sampling)} is understood`, () => {
    assert.deepEqual(
      entryOf({ command: 'a', ...(sampling === undefined ? {} : { sampling }) }).sampling,
      rule,
    );
  });
}

const local = (fields: object): object => ({ command: 'node', ...fields });
const remote = (fields: object): object => ({ url: 'https://example.com', ...fields });
const PROBLEMS: readonly (readonly [raw: unknown, field: string, message: RegExp])[] = [
  [null, '', /must be an object/],
  [undefined, '', /must be an object/],
  [42, '', /must be an object/],
  [[], '', /must be an object/],
  ['npx', '', /must be an object/],
  [{}, 'command', /needs "command".*or "url"/],
  [{ command: ['node'] }, 'command', /must be a string, not a list/],
  [{ command: '' }, 'command', /must not be empty/],
  [{ command: '  ' }, 'command', /must not be empty/],
  [{ command: 'a\0b' }, 'command', /NUL/],
  [{ command: 'a\ud800' }, 'command', /surrogate/],
  [{ command: 'a', url: 'https://b.test' }, 'url', /either "command" or "url"/],
  [local({ type: 'http' }), 'type', /"http" does not go with "command"/],
  [remote({ type: 'stdio' }), 'type', /"stdio" does not go with "url"/],
  [local({ type: 'tcp' }), 'type', /must be "stdio" or "http" or "sse", not "tcp"/],
  [local({ args: '--x' }), 'args', /must be a list of strings, not "--x"/],
  [local({ args: ['a', 1] }), 'args[1]', /must be a string, not a number/],
  [local({ args: [{}] }), 'args[0]', /must be a string, not an object/],
  [local({ args: ['a\0'] }), 'args[0]', /NUL/],
  [local({ args: ['\udc00'] }), 'args[0]', /surrogate/],
  [local({ args: Array(1_001).fill('') }), 'args', /more than 1000 items/],
  [local({ args: ['x'.repeat(131_073)] }), 'args[0]', /longer than 128 KiB/],
  [local({ args: ['é'.repeat(65_537)] }), 'args[0]', /longer than 128 KiB/],
  [local({ cwd: 1 }), 'cwd', /must be a string/],
  [local({ cwd: '' }), 'cwd', /must not be empty/],
  [local({ env: [] }), 'env', /must be an object, not a list/],
  [local({ env: 'A=1' }), 'env', /must be an object/],
  [local({ env: { A: true } }), 'env.A', /must be a string, a number or null, not a boolean/],
  [local({ env: { A: ['x'] } }), 'env.A', /must be a string/],
  [local({ env: { 'A=B': 'x' } }), 'env.A=B', /not a name/],
  [local({ env: { '': 'x' } }), 'env.', /not a name/],
  [local({ env: { 'A\u202e': 'x' } }), 'env.A⟨U+202E⟩', /not a name/],
  [local({ env: { A: 'x\0' } }), 'env.A', /NUL/],
  [
    local({ env: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`A${i}`, ''])) }),
    'env',
    /more than 500 items/,
  ],
  [local({ envFile: {} }), 'envFile', /must be a string/],
  [{ url: {} }, 'url', /must be a string/],
  [{ url: 'example.com' }, 'url', /complete URL/],
  [{ url: 'ws://example.com' }, 'url', /must start with https:\/\/, not ws:/],
  [{ url: 'file:///etc/passwd' }, 'url', /not file:/],
  [{ url: 'https://user:pass@example.com' }, 'url', /user name or password/],
  [{ url: 'https://example.com:0/' }, 'url', /port 0/],
  [{ url: 'https://example.com/#part' }, 'url', /fragment/],
  [remote({ headers: { A: ['x'] } }), 'headers.A', /must be a string, not a list/],
  [remote({ headers: { A: 'x\r\nB: y' } }), 'headers.A', /line break/],
  [remote({ headers: { 'A B': 'x' } }), 'headers.A B', /not a header name/],
  [remote({ headers: { A: '1', a: '2' } }), 'headers.a', /twice/],
  [local({ start: 'always' }), 'start', /must be "onOpen" or "onDemand" or "never", not "always"/],
  [local({ strict: 'yes' }), 'strict', /must be true or false/],
  [local({ timeouts: 5 }), 'timeouts', /must be an object/],
  [local({ timeouts: { request: '5' } }), 'timeouts.request', /must be a number, not "5"/],
  [local({ timeouts: { total: Number.NaN } }), 'timeouts.total', /must be a number/],
  [local({ tools: [] }), 'tools', /must be an object/],
  [local({ tools: { allow: '*' } }), 'tools.allow', /must be a list of strings/],
  [local({ tools: { deny: [1] } }), 'tools.deny[0]', /must be a string/],
  [local({ sampling: 'always' }), 'sampling', /must be "ask", "off" or an object, not "always"/],
  [local({ sampling: true }), 'sampling', /not a boolean/],
  [local({ sampling: { model: 1 } }), 'sampling.model', /must be a string/],
  [local({ sampling: { reviewAnswer: 'no' } }), 'sampling.reviewAnswer', /true or false/],
  [local({ sampling: { outsideCalls: 'yes' } }), 'sampling.outsideCalls', /true or false/],
  [local({ roots: 'all' }), 'roots', /must be "ask" or "workspace" or "none"/],
  [local({ logLevel: 'trace' }), 'logLevel', /must be "debug" or .*"emergency", not "trace"/],
  [local({ logLevel: '__proto__' }), 'logLevel', /not "__proto__"/],
];
for (const [raw, field, message] of PROBLEMS) {
  test(`refuses ${JSON.stringify([raw]).slice(1, -1).slice(0, 60)} at "${field}"`, () => {
    const { entry, problems } = readServerEntry(raw);
    assert.equal(entry, undefined);
    assert.deepEqual(
      problems.map((problem) => problem.field),
      [field],
    );
    assert.match(problems[0]?.message ?? '', message);
  });
}

test('all problems of an entry are told at once', () => {
  const { problems } = readServerEntry({ command: 1, args: 2, env: 3, start: 4 });
  assert.deepEqual(problems.map(({ field }) => field).sort(), ['args', 'command', 'env', 'start']);
});

test('the longest string and the longest lists are accepted', () => {
  const entry = entryOf({
    command: 'a',
    args: ['x'.repeat(131_072), 'é'.repeat(65_536), ...Array<string>(998).fill('')],
  });
  assert.equal(entry.launch.kind === 'local' && entry.launch.args.length, 1_000);
});

test('URLs are judged for what they are as written, and those with variables later', () => {
  for (const url of [
    'http://localhost:3000/mcp',
    'https://[::1]:8',
    'https://${env:HOST}/x',
    '${input:url}',
  ]) {
    entryOf({ url });
  }
});

const WARNINGS: readonly (readonly [raw: object, field: string, message: string])[] = [
  [{ comand: 'x' }, 'comand', "unknown field 'comand' — did you mean 'command'?"],
  [{ Args: [] }, 'Args', "unknown field 'Args' — did you mean 'args'?"],
  [{ timeout: 5 }, 'timeout', "unknown field 'timeout' — did you mean 'timeouts'?"],
  [{ evn: {} }, 'evn', "unknown field 'evn' — did you mean 'env'?"],
  [{ autoApprove: true }, 'autoApprove', "unknown field 'autoApprove'"],
  [{ '](command:x)': 1 }, ']\u200A(command:x)', "unknown field ']\u200A(command:x)'"],
  [JSON.parse('{"__proto__": {"command": "evil"}}') as object, '__proto__', "unknown field '__proto__'"],
  [{ timeouts: { conect: 1 } }, 'timeouts.conect', "unknown field 'conect' — did you mean 'connect'?"],
  [{ tools: { alow: [] } }, 'tools.alow', "unknown field 'alow' — did you mean 'allow'?"],
  [{ sampling: { always: true } }, 'sampling.always', "unknown field 'always'"],
  [{ headers: {} }, 'headers', 'has no effect on a local server'],
  [{ timeouts: { request: 0.5 } }, 'timeouts.request', 'is taken as 1 s (allowed are 1 to 86400 s)'],
  [{ timeouts: { request: -1 } }, 'timeouts.request', 'is taken as 1 s (allowed are 1 to 86400 s)'],
  [{ timeouts: { total: 1e12 } }, 'timeouts.total', 'is taken as 86400 s (allowed are 1 to 86400 s)'],
];
for (const [fields, field, message] of WARNINGS) {
  test(`warns of ${JSON.stringify(fields)}`, () => {
    const { entry, problems, warnings } = readServerEntry(
      Object.assign(Object.create(null), { command: 'node' }, fields),
    );
    const raw = JSON.parse(`{"command":"node",${JSON.stringify(fields).slice(1)}`) as unknown;
    assert.deepEqual(problems, []);
    assert.ok(entry);
    assert.deepEqual(readServerEntry(raw).warnings, [{ field, message }]);
    assert.ok(warnings.length <= 1);
  });
}

test('clamped timeouts lie between a second and a day', () => {
  const { timeouts } = entryOf({ command: 'a', timeouts: { connect: 0, request: 1e12, total: -1e300 } });
  assert.deepEqual(timeouts, { connect: 1_000, request: 86_400_000, total: 1_000 });
});

test('a flood of wrong fields gives a bounded list', () => {
  const raw = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x${index}`, 1]));
  const start = processorMs();
  assert.equal(readServerEntry({ command: 'a', ...raw }).warnings.length, 50);
  assert.ok(processorMs() - start < 1_000);
  assert.equal(readServerEntry({ command: 'a', args: Array(1_000).fill(1) }).problems.length, 50);
});

test('arbitrary JSON never throws, and gives an entry exactly when there is no problem', () => {
  const key = fc.constantFrom(
    'command',
    'args',
    'env',
    'url',
    'headers',
    'type',
    'start',
    'timeouts',
    'tools',
    'sampling',
    'roots',
    '__proto__',
    'x',
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('node', 'off', 'stdio', 'https://a.test', 'onOpen'));
  const raw = fc.oneof(fc.jsonValue(), fc.dictionary(key, value, { noNullPrototype: false }));
  fc.assert(
    fc.property(raw, (input) => {
      const { entry, problems } = readServerEntry(input);
      assert.equal(entry === undefined, problems.length > 0);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      assert.doesNotMatch(
        problems.map(({ field, message }) => field + message).join(''),
        /\p{Cc}|\p{Cf}|\]\(/u,
      );
    }),
    { numRuns: 5_000 },
  );
});
