import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LAUNCH_TOKEN_VARIABLE } from '../../../src/host/localLaunches';
import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import { FakeMachine } from '../../support/fakeMachine';
import { HostHarness } from '../../support/hostHarness';

/** What of the editor's environment must never reach a server. */
const HOST_ENVIRONMENT = {
  PATH: '/usr/bin',
  HOME: '/home/person',
  LANG: 'de_DE.UTF-8',
  GITHUB_TOKEN: 'CANARY-token',
  AWS_SECRET_ACCESS_KEY: 'CANARY-aws',
  NODE_OPTIONS: '--require CANARY.js',
  VSCODE_IPC_HOOK_CLI: 'CANARY-ipc',
  ELECTRON_RUN_AS_NODE: '1',
  SSH_AUTH_SOCK: 'CANARY-agent',
  BASH_FUNC_x: '() { CANARY; }',
  MINE: 'from the editor',
};

async function start(entry: Readonly<Record<string, unknown>>): Promise<HostHarness> {
  const harness = new HostHarness();
  for (const [name, value] of Object.entries(HOST_ENVIRONMENT)) harness.machine.environment[name] = value;
  harness.machine.files.set('/work/.env', '# comment\nexport FROM_FILE=file\nBOTH="file"\n');
  harness.world.setServers({ one: { command: 'one', ...entry } });
  harness.host.open();
  await harness.settle();
  return harness;
}

async function environmentOf(
  entry: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, string>>> {
  const harness = await start(entry);
  const { env } = harness.start('one').spec;
  await harness.end();
  return env;
}

test('a server gets the safelist, what its entry names and its token, and nothing else', async () => {
  const { [LAUNCH_TOKEN_VARIABLE]: token, ...env } = await environmentOf({ env: { OWN: 'x', NUMBER: 5 } });
  assert.deepEqual(
    { ...env },
    { PATH: '/usr/bin', HOME: '/home/person', LANG: 'de_DE.UTF-8', OWN: 'x', NUMBER: '5' },
  );
  assert.match(token ?? '', /^token-/);
});

test("the token is under the name that the transport sweeps by, new for every start, and not the entry's to choose", async () => {
  assert.equal(LAUNCH_TOKEN_VARIABLE, LAUNCH_MARKER);
  const harness = await start({ env: { [LAUNCH_MARKER]: 'chosen' } });
  await harness.host.restart('user/one');
  const tokens = harness.starts.map(({ spec }) => spec.env[LAUNCH_MARKER]);
  assert.equal(new Set(tokens).size, 2);
  assert.ok(!tokens.includes('chosen'));
  await harness.end();
});

test('a variable of the environment is passed on only where the entry names it', async () => {
  const env = await environmentOf({ env: { TOKEN: '${env:GITHUB_TOKEN}', TEXT: '${env:MINE}!' } });
  assert.deepEqual([env['TOKEN'], env['TEXT']], ['CANARY-token', 'from the editor!']);
});

test('an entry can take a variable away', async () => {
  const env = await environmentOf({ env: { HOME: null } });
  assert.ok(!('HOME' in env));
});

test('an environment file adds variables, and the entry itself wins over it', async () => {
  const env = await environmentOf({ envFile: '${workspaceFolder}/.env', env: { BOTH: 'entry' } });
  assert.deepEqual([env['FROM_FILE'], env['BOTH']], ['file', 'entry']);
});

const WRONG: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['a variable that is not set', { args: ['${env:NOT_SET}'] }, 'args[0]'],
  ['a variable in env that is not set', { env: { A: '${env:NOT_SET}' } }, 'env.A'],
  ['an environment file that does not exist', { envFile: '/work/none' }, 'envFile'],
  ['a folder that does not exist', { cwd: '/none' }, 'cwd'],
  ['a variable of the editor', { env: { ELECTRON_RUN_AS_NODE: '1' } }, 'env.ELECTRON_RUN_AS_NODE'],
  ['a command line variable', { args: ['${command:x}'] }, 'args[0]'],
];

for (const [what, entry, field] of WRONG)
  test(`${what} is an error with the field's name, and the literal text is never sent`, async () => {
    const harness = await start(entry);
    const state = harness.state('one');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'config');
    assert.equal(state.cause.problems[0]?.field, field);
    assert.equal(harness.launches, 0);
    await harness.end();
  });

test('an environment file never shows in an error', async () => {
  const harness = new HostHarness();
  harness.machine.files.set('/work/.env', 'CANARY line without a name\nVSCODE_CANARY=x');
  harness.world.setServers({ one: { command: 'one', envFile: '/work/.env' } });
  harness.host.open();
  await harness.settle();
  assert.ok(!JSON.stringify(harness.state('one')).includes('CANARY line'));
  await harness.end();
});

test('arguments keep every character, and the working folder is the workspace unless the entry says otherwise', async () => {
  const args = ['', ' ', 'a b', '"', '\\', '$(id)', '`id`', '--', 'é😀', '${userHome}/x'];
  const harness = await start({ args });
  assert.deepEqual(harness.start('one').spec.args, [...args.slice(0, -1), '/home/person/x']);
  assert.equal(harness.start('one').spec.cwd, '/work');
  await harness.end();
});

test('with several folders and none of its own, an entry must say which folder it means', async () => {
  const harness = new HostHarness();
  harness.world.folders = ['a', 'b'].map((name) => ({ uri: `file:///${name}`, name, path: `/${name}` }));
  harness.machine.folders.add('/b');
  harness.world.setServers({
    vague: { command: 'vague', cwd: '${workspaceFolder}' },
    exact: { command: 'exact', cwd: '${workspaceFolder:b}' },
    home: { command: 'home' },
  });
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('vague').kind, 'failed');
  assert.equal(harness.start('exact').spec.cwd, '/b');
  assert.equal(harness.start('home').spec.cwd, '/home/person');
  await harness.end();
});

test('a strict entry runs its client in a process, others in a thread', async () => {
  const harness = await start({});
  await harness.edit({ one: { command: 'one', strict: true } });
  assert.deepEqual(
    harness.starts.map(({ isolation }) => isolation),
    ['thread', 'process'],
  );
  await harness.end();
});

test('the program is looked for in the PATH that the server gets, outside of the workspace', async () => {
  const asked: unknown[] = [];
  const harness = new HostHarness();
  harness.machine.findProgram = (command, where) => {
    asked.push([command, where]);
    return new FakeMachine().findProgram(command);
  };
  harness.world.setServers({ one: { command: 'one', env: { PATH: '/opt/bin' } } });
  harness.host.open();
  await harness.settle();
  assert.deepEqual(asked[0], ['one', { cwd: '/work', path: '/opt/bin', forbiddenRoots: ['/work'] }]);
  await harness.end();
});
