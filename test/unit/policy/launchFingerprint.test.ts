import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchFingerprintInput, type FingerprintParts } from '../../../src/policy/launchFingerprint';
import { entryOf } from './entries';

const LOCAL = {
  command: 'node',
  args: ['server.js', '--a', 'b'],
  cwd: '${workspaceFolder}',
  env: { A: '1', B: '2', __PROTO: '3', GONE: null },
  envFile: '.env',
  strict: true,
  roots: 'workspace',
  sampling: { model: 'm', outsideCalls: false },
} as const;
const REMOTE = { url: 'https://example.com/mcp', headers: { A: '${input:a}', B: 'x' } } as const;
const AROUND = {
  scope: { kind: 'folder', uri: 'file:///w/a' },
  workspace: 'file:///w',
  resolvedCommand: '/usr/bin/node',
  envFile: { path: '/w/.env', sha256: 'e0' },
  machine: 'host',
} as const;

function parts(raw: object, around: Partial<FingerprintParts> = {}): FingerprintParts {
  return { ...AROUND, entry: entryOf(raw), ...around };
}

const base = launchFingerprintInput(parts(LOCAL));
const remoteBase = launchFingerprintInput(parts(REMOTE));

const CHANGES: readonly (readonly [what: string, raw: object, around?: Partial<FingerprintParts>])[] = [
  ['the command', { ...LOCAL, command: 'nodejs' }],
  ['an argument', { ...LOCAL, args: ['server.js', '--a', 'c'] }],
  ['the order of arguments', { ...LOCAL, args: ['--a', 'server.js', 'b'] }],
  ['the split of arguments', { ...LOCAL, args: ['server.js', '--a b'] }],
  ['an empty argument more', { ...LOCAL, args: [...LOCAL.args, ''] }],
  ['a hidden character', { ...LOCAL, args: ['server.js\u200b', '--a', 'b'] }],
  ['the working folder', { ...LOCAL, cwd: '/' }],
  ['no working folder', { ...LOCAL, cwd: undefined }],
  ['the value of a variable', { ...LOCAL, env: { ...LOCAL.env, A: '2' } }],
  ['the name of a variable', { ...LOCAL, env: { a: '1', B: '2', __PROTO: '3', GONE: null } }],
  ['a variable more', { ...LOCAL, env: { ...LOCAL.env, NODE_OPTIONS: '--require ./x.js' } }],
  ['a removed variable', { ...LOCAL, env: { ...LOCAL.env, GONE: 'null' } }],
  ['an empty variable instead of a removed one', { ...LOCAL, env: { ...LOCAL.env, GONE: '' } }],
  ['swapped values', { ...LOCAL, env: { ...LOCAL.env, A: '2', B: '1' } }],
  ['the path of the env file', { ...LOCAL, envFile: '.env2' }],
  ['no env file', { ...LOCAL, envFile: undefined }],
  ['a log level', { ...LOCAL, logLevel: 'debug' }],
  ['the strict mode', { ...LOCAL, strict: false }],
  ['the roots', { ...LOCAL, roots: 'none' }],
  ['sampling off', { ...LOCAL, sampling: 'off' }],
  ['the sampling model', { ...LOCAL, sampling: { model: 'n' } }],
  ['any sampling model', { ...LOCAL, sampling: {} }],
  ['sampling outside calls', { ...LOCAL, sampling: { model: 'm', outsideCalls: true } }],
  ['the transport', REMOTE],
  ['the kind of scope', LOCAL, { scope: { kind: 'workspace' } }],
  ['the user scope', LOCAL, { scope: { kind: 'user' } }],
  ['the folder', LOCAL, { scope: { kind: 'folder', uri: 'file:///w/b' } }],
  ['the workspace', LOCAL, { workspace: 'file:///v' }],
  ['no workspace', LOCAL, { workspace: undefined }],
  ['the resolved program', LOCAL, { resolvedCommand: '/tmp/node' }],
  ['no resolved program', LOCAL, { resolvedCommand: undefined }],
  ['the content of the env file', LOCAL, { envFile: { path: '/w/.env', sha256: 'e1' } }],
  ['the place of the env file', LOCAL, { envFile: { path: '/v/.env', sha256: 'e0' } }],
  ['a missing env file', LOCAL, { envFile: undefined }],
  ['the machine', LOCAL, { machine: 'other' }],
  ['no other machine', LOCAL, { machine: undefined }],
  ['what runs the program', LOCAL, { prefixArgs: ['/c'] }],
  ['a resolved argument', LOCAL, { resolvedArgs: [undefined, '/w/other', undefined] }],
  ['the real working folder', LOCAL, { cwd: '/elsewhere' }],
  ['when it starts', { ...LOCAL, start: 'never' }],
  ['a timeout', { ...LOCAL, timeouts: { request: 5 } }],
  ['a denied tool', { ...LOCAL, tools: { deny: ['x'] } }],
  ['allowed tools', { ...LOCAL, tools: { allow: ['x'] } }],
  ['no allowed tools', { ...LOCAL, tools: { allow: [] } }],
];
for (const [what, raw, around] of CHANGES) {
  test(`${what} shows in the fingerprint`, () => {
    assert.notEqual(launchFingerprintInput(parts(JSON.parse(JSON.stringify(raw)) as object, around)), base);
  });
}

const REMOTE_CHANGES: readonly (readonly [what: string, raw: object])[] = [
  ['the URL path', { ...REMOTE, url: 'https://example.com/other' }],
  ['the URL host', { ...REMOTE, url: 'https://example.org/mcp' }],
  ['a header template', { ...REMOTE, headers: { A: '${input:b}', B: 'x' } }],
  ['a header name', { ...REMOTE, headers: { C: '${input:a}', B: 'x' } }],
  ['a header less', { ...REMOTE, headers: { B: 'x' } }],
  ['the roots of a remote server', { ...REMOTE, roots: 'workspace' }],
];
for (const [what, raw] of REMOTE_CHANGES) {
  test(`${what} shows in the fingerprint`, () =>
    assert.notEqual(launchFingerprintInput(parts(raw)), remoteBase));
}

test('no two of the changes have the same fingerprint', () => {
  const changed = [...CHANGES, ...REMOTE_CHANGES.map(([what, raw]) => [what, raw, undefined] as const)];
  const texts = changed.map(([, raw, around]) =>
    launchFingerprintInput(parts(JSON.parse(JSON.stringify(raw)) as object, around)),
  );
  assert.equal(new Set(texts).size, texts.length);
});

test('the order of keys, of variables and of headers does not show', () => {
  const reversed = Object.fromEntries(
    Object.entries({ ...LOCAL, env: Object.fromEntries(Object.entries(LOCAL.env).reverse()) }).reverse(),
  );
  assert.equal(launchFingerprintInput(parts(reversed)), base);
  assert.equal(
    launchFingerprintInput(parts({ headers: { B: 'x', A: '${input:a}' }, url: REMOTE.url })),
    remoteBase,
  );
});

test('what says the same in other words does not show', () => {
  // Reviews of answers are no matter of an entry that needs approval.
  const sampling = { ...LOCAL.sampling, reviewAnswer: false };
  // Nor is a wish to know all folders more than one to be asked.
  const same = [{ start: 'onOpen' }, { timeouts: {} }, { tools: {} }, { type: 'stdio' }, { sampling }];
  for (const extra of [...same, { roots: 'ask' }])
    assert.equal(launchFingerprintInput(parts({ ...LOCAL, ...extra })), base);
});

test('in user settings sharing all folders is another matter than being asked', () => {
  const own = { scope: { kind: 'user' }, workspace: undefined } as const;
  const texts = ['ask', 'workspace', 'none'].map((roots) =>
    launchFingerprintInput(parts({ ...LOCAL, roots }, own)),
  );
  assert.equal(new Set(texts).size, 3);
});

test('a variable named like an inherited property is not lost', () => {
  const env = JSON.parse('{"__proto__":"1"}') as object;
  assert.notEqual(
    launchFingerprintInput(parts({ command: 'a', env })),
    launchFingerprintInput(parts({ command: 'a' })),
  );
});
