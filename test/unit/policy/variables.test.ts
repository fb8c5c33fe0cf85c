import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  expandVariables,
  listVariables,
  MAX_EXPANDED_LENGTH,
  variableProblems,
  type VariableScope,
} from '../../../src/policy/variables';
import { processorMs } from '../../support/processorTime';
import { entryOf } from './entries';

const ENV = new Map([
  ['X', 'x-value'],
  ['TRICK', '${env:X} $& $1 ${userHome}'],
  ['EMPTY', ''],
  ['__proto__', 'p'],
]);
const scope: VariableScope = {
  workspaceFolder: '/ws/a',
  workspaceFolders: new Map([
    ['a', '/ws/a'],
    ['my b', '/ws/b'],
  ]),
  userHome: '/home/me',
  pathSeparator: '/',
  env: (name) => ENV.get(name),
  input: (id) => (id === 'key' ? 'secret' : undefined),
};

const EXPANDED: readonly (readonly [text: string, expanded: string])[] = [
  ['', ''],
  ['plain', 'plain'],
  ['${workspaceFolder}/x', '/ws/a/x'],
  ['${workspaceFolder:my b}', '/ws/b'],
  ['${userHome}${pathSeparator}y', '/home/me/y'],
  ['${env:X}-${env:X}', 'x-value-x-value'],
  ['${env:EMPTY}', ''],
  ['${env:__proto__}', 'p'],
  ['${input:key}', 'secret'],
  ['$${env:X}', '$x-value'],
  ['$(id) `id` $HOME %PATH% ~ {x} $', '$(id) `id` $HOME %PATH% ~ {x} $'],
  ['${env:X}}', 'x-value}'],
  ['${env:TRICK}', '${env:X} $& $1 ${userHome}'],
];
for (const [text, expanded] of EXPANDED) {
  test(`expands ${JSON.stringify(text)}`, () => {
    const result = expandVariables(text, scope);
    assert.ok(result.ok);
    assert.equal(result.value.text, expanded);
  });
}

const REFUSED: readonly (readonly [text: string, code: string, named: string])[] = [
  [
    '${command:workbench.action.terminal.sendSequence}',
    'unknown',
    '${command:workbench.action.terminal.sendSequence}',
  ],
  ['${config:editor.fontSize}', 'unknown', '${config:editor.fontSize}'],
  ['${file:~/.netrc}', 'unknown', '${file:~/.netrc}'],
  ['${workspaceRoot}', 'unknown', '${workspaceRoot}'],
  ['${WorkspaceFolder}', 'unknown', '${WorkspaceFolder}'],
  ['${}', 'unknown', '${}'],
  ['${HOME}', 'unknown', '${HOME}'],
  ['${env}', 'unknown', '${env}'],
  ['${env:}', 'unknown', '${env:}'],
  ['${input}', 'unknown', '${input}'],
  ['${userHome:x}', 'unknown', '${userHome:x}'],
  ['${ env:X}', 'unknown', '${ env:X}'],
  ['${env:${env:X}}', 'unknown', '${env:${env:X}'],
  ['${constructor}', 'unknown', '${constructor}'],
  ['a ${env:X', 'unclosed', '${env:X'],
  ['${', 'unclosed', '${'],
  ['${env:MISSING}', 'unresolved', '${env:MISSING}'],
  ['${env:toString}', 'unresolved', '${env:toString}'],
  ['${input:other}', 'unresolved', '${input:other}'],
  ['${workspaceFolder:c}', 'unresolved', '${workspaceFolder:c}'],
  ['${workspaceFolder:constructor}', 'unresolved', '${workspaceFolder:constructor}'],
];
for (const [text, code, named] of REFUSED) {
  test(`refuses ${JSON.stringify(text)} and names the variable`, () => {
    const result = expandVariables(`before ${text}`, scope);
    assert.ok(!result.ok);
    assert.equal(result.error.code, code);
    assert.ok(result.error.message.includes(named), result.error.message);
  });
}

test('variables that need a folder fail without one', () => {
  const { workspaceFolders, pathSeparator, env, input } = scope;
  const bare: VariableScope = { workspaceFolders, pathSeparator, env, input };
  assert.ok(!expandVariables('${workspaceFolder}', bare).ok);
  assert.ok(!expandVariables('${userHome}', bare).ok);
});

test('the variables used are told in order', () => {
  const result = expandVariables('${env:X}${input:key}${workspaceFolder:a}', scope);
  assert.deepEqual(result.ok && result.value.used, [
    { kind: 'env', name: 'X' },
    { kind: 'input', name: 'key' },
    { kind: 'workspaceFolder', name: 'a' },
  ]);
});

test('a message shows neither values nor hidden characters', () => {
  const result = expandVariables('${env:X}${\u202e](command:x)}', scope);
  assert.ok(!result.ok);
  assert.doesNotMatch(result.error.message, /x-value|\u202e|\]\(/);
});

test('text without a variable stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('${'));
      const once = expandVariables(text, scope);
      assert.deepEqual(once, { ok: true, value: { text, used: [] } });
    }),
  );
});

test('either an error comes back or every variable is gone', () => {
  const pieces = fc.constantFrom(
    '${',
    '}',
    'env:',
    'X',
    'input:key',
    '$',
    '{',
    'a',
    ':',
    'userHome',
    '${env:X}',
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join('')),
      (text) => {
        const result = expandVariables(text, scope);
        if (result.ok) assert.ok(!result.value.text.includes('${'));
      },
    ),
    { numRuns: 5_000 },
  );
});

test('hostile text takes linear time', () => {
  const start = processorMs();
  for (const text of [
    '${'.repeat(500_000),
    '$'.repeat(1e6),
    '${env:X}'.repeat(100_000),
    '${env:'.repeat(200_000),
    `\${${'a'.repeat(1e6)}`,
    '${a}'.repeat(300_000),
  ]) {
    expandVariables(text, scope);
    variableProblems({
      ...entryOf({ command: 'x' }),
      launch: { kind: 'local', command: text, args: [], env: new Map() },
    });
  }
  assert.ok(processorMs() - start < 4_000);
});

test('an expansion that grows without end is refused', () => {
  const big: VariableScope = { ...scope, env: () => 'y'.repeat(100_000) };
  const result = expandVariables('${env:X}'.repeat(1 + MAX_EXPANDED_LENGTH / 100_000), big);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'too-long');
});

test('all variables of an entry are listed with their fields', () => {
  const entry = entryOf({
    command: '${userHome}/bin/x',
    args: ['a', '${env:A}${input:b}'],
    cwd: '${workspaceFolder}',
    env: { N: '${env:C}', M: null, '${env:NAME}': 'x' },
    envFile: '${workspaceFolder:w}/.env',
  });
  assert.deepEqual(
    listVariables(entry).map(({ field, variable }) => `${field} ${JSON.stringify(variable)}`),
    [
      'command {"kind":"userHome"}',
      'args[1] {"kind":"env","name":"A"}',
      'args[1] {"kind":"input","name":"b"}',
      'cwd {"kind":"workspaceFolder"}',
      'env.N {"kind":"env","name":"C"}',
      'envFile {"kind":"workspaceFolder","name":"w"}',
    ],
  );
});

test('variables of a remote entry are listed too', () => {
  const entry = entryOf({ url: 'https://${env:HOST}/', headers: { A: 'Bearer ${input:t}' } });
  assert.deepEqual(
    listVariables(entry).map(({ field }) => field),
    ['url', 'headers.A'],
  );
});

test('malformed variables are problems before anything is expanded', () => {
  const entry = entryOf({ command: 'x', args: ['${command:y}', '${env:A'] });
  assert.deepEqual(
    variableProblems(entry).map(({ field }) => field),
    ['args[0]', 'args[1]'],
  );
});

for (const name of [
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'DB_PASSWORD',
  'db_passwd',
  'API_KEY',
  'MY_CREDENTIALS',
  'AUTH',
  'SESSION',
]) {
  test(`\${env:${name}} never goes into a URL`, () => {
    assert.equal(variableProblems(entryOf({ url: `https://evil.test/?k=\${env:${name}}` })).length, 1);
    assert.equal(
      variableProblems(entryOf({ url: 'https://ok.test/', headers: { A: `\${env:${name}}` } })).length,
      0,
    );
  });
}

test('a harmless variable may go into a URL', () => {
  assert.deepEqual(variableProblems(entryOf({ url: 'https://${env:HOST}/?u=${env:USER}' })), []);
});
