import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  findExecutable,
  type ExecutableFileSystem,
  type FindOptions,
} from '../../../src/transport/executables';
import { batchLaunch } from '../../../src/transport/windowsBatch';

/** Files by path; a value of false is a file without permission to execute; links map a folder to its real path. */
function files(
  paths: Readonly<Record<string, boolean | 'folder'>>,
  links: Readonly<Record<string, string>> = {},
): ExecutableFileSystem {
  const table = new Map(Object.entries(paths));
  const real = new Map(Object.entries(links));
  return {
    kind: (path) => {
      const found = table.get(path);
      return Promise.resolve(found === undefined ? undefined : found === 'folder' ? 'other' : 'file');
    },
    mayExecute: (path) => Promise.resolve(table.get(path) === true),
    realPath: (path) => Promise.resolve(real.get(path) ?? path),
  };
}

const linux: FindOptions = {
  pathVar: '/usr/local/bin:/usr/bin',
  platform: 'linux',
  cwd: '/work',
  forbiddenRoots: ['/work'],
};
const windows: FindOptions = {
  pathVar: 'C:\\Windows;C:\\Program Files\\nodejs;C:\\tools',
  platform: 'win32',
  pathExt: '.COM;.EXE;.BAT;.CMD;.VBS;.JS',
  cwd: 'C:\\work',
  forbiddenRoots: ['C:\\Work'],
};

test('a bare name is found in the first folder that has it', async () => {
  const found = await findExecutable(
    'node',
    linux,
    files({ '/usr/bin/node': true, '/usr/local/bin/node': true }),
  );
  assert.deepEqual(found, { ok: true, value: { path: '/usr/local/bin/node', prefixArgs: [] } });
});

test('a bare name is never taken from the workspace, the current folder, or a relative or empty entry', async () => {
  const decoys = files(
    {
      '/work/npx': true,
      '/work/bin/npx': true,
      '/linked/npx': true,
      'bin/npx': true,
      './npx': true,
      npx: true,
      '/workshop/npx': true,
    },
    { '/linked': '/work/bin' },
  );
  const pathVar = ':.:bin:/work:/work/bin:/work/sub/../bin:/linked:';
  assert.deepEqual(await findExecutable('npx', { ...linux, pathVar }, decoys), {
    ok: false,
    error: { reason: 'not-found', command: 'npx', searched: [] },
  });
  const outside = await findExecutable('npx', { ...linux, pathVar: `${pathVar}:/workshop` }, decoys);
  assert.ok(
    outside.ok && outside.value.path === '/workshop/npx',
    'a folder whose name only begins alike is another one',
  );
});

test('what was searched is reported', async () => {
  assert.deepEqual(await findExecutable('npx', linux, files({})), {
    ok: false,
    error: { reason: 'not-found', command: 'npx', searched: ['/usr/local/bin/npx', '/usr/bin/npx'] },
  });
});

test('a file that may not be executed is passed over, and named when nothing else is found', async () => {
  const first = files({ '/usr/local/bin/tool': false, '/usr/bin/tool': true });
  const found = await findExecutable('tool', linux, first);
  assert.ok(found.ok && found.value.path === '/usr/bin/tool');
  assert.deepEqual(await findExecutable('tool', linux, files({ '/usr/bin/tool': 'folder' })), {
    ok: false,
    error: { reason: 'not-executable', command: '/usr/bin/tool' },
  });
});

test('a path is relative to the folder of the server, also within the workspace', async () => {
  const system = files({ '/work/bin/server': true, '/opt/server': true });
  for (const [command, path] of [
    ['./bin/server', '/work/bin/server'],
    ['bin/server', '/work/bin/server'],
    ['/opt/server', '/opt/server'],
  ] as const)
    assert.deepEqual(await findExecutable(command, linux, system), {
      ok: true,
      value: { path, prefixArgs: [] },
    });
  const { cwd, ...nowhere } = linux;
  assert.equal(cwd, '/work');
  assert.equal((await findExecutable('bin/server', nowhere, system)).ok, false);
});

test('commands that name no file are refused', async () => {
  for (const command of ['', 'a\0b', 'x'.repeat(5_000)]) {
    const found = await findExecutable(command, linux, files({}));
    assert.ok(!found.ok && found.error.reason === 'bad-argument');
  }
  for (const command of ['.', '..'])
    assert.equal(
      (
        await findExecutable(
          command,
          linux,
          files({ '/usr/bin': 'folder', '/': 'folder', '/work': 'folder' }),
        )
      ).ok,
      false,
    );
});

test('Windows: extensions are tried in order, and files without one are no programs', async () => {
  const system = files({
    'C:\\tools\\uvx': true,
    'C:\\tools\\uvx.exe': true,
    'C:\\tools\\uvx.cmd': true,
    'C:\\tools\\x.js': true,
  });
  for (const command of ['uvx', 'uvx.EXE']) {
    const found = await findExecutable(command, windows, system);
    assert.ok(found.ok || command === 'uvx.EXE');
    if (found.ok) assert.equal(found.value.path, 'C:\\tools\\uvx.exe');
  }
  assert.equal((await findExecutable('x', windows, system)).ok, false);
  assert.equal((await findExecutable('C:x.exe', windows, system)).ok, false);
});

test('Windows: the workspace is recognised in any case', async () => {
  const system = files({ 'c:\\WORK\\bin\\node.exe': true });
  assert.equal(
    (await findExecutable('node', { ...windows, pathVar: 'c:\\WORK\\bin;\\work\\bin' }, system)).ok,
    false,
  );
});

test('Windows: npx and npm become Node with their script', async () => {
  const folder = 'C:\\Program Files\\nodejs\\';
  const script = `${folder}node_modules\\npm\\bin\\npx-cli.js`;
  const system = { [`${folder}npx.cmd`]: true, [script]: true } as const;
  const beside = await findExecutable('npx', windows, files({ ...system, [`${folder}node.exe`]: true }));
  assert.deepEqual(beside, { ok: true, value: { path: `${folder}node.exe`, prefixArgs: [script] } });
  const elsewhere = await findExecutable('npx', windows, files({ ...system, 'C:\\tools\\node.exe': true }));
  assert.ok(elsewhere.ok && elsewhere.value.path === 'C:\\tools\\node.exe');
});

test('Windows: another batch file is found only when its arguments are safe', async () => {
  const system = files({ 'C:\\tools\\serve.cmd': true });
  const find = (args: readonly string[]): ReturnType<typeof findExecutable> =>
    findExecutable('serve', { ...windows, args }, system);
  assert.deepEqual(await find(['--port', '80', 'C:\\a b']), {
    ok: true,
    value: { path: 'C:\\tools\\serve.cmd', prefixArgs: [] },
  });
  for (const unsafe of [
    'a&calc',
    '%PATH%',
    '^',
    '"&calc&"',
    'a\nb',
    'a\rb',
    '!x!',
    '(x)',
    '|whoami',
    '>out',
    '<in',
    'a\0b',
  ]) {
    const found = await find([unsafe]);
    assert.ok(!found.ok && found.error.reason === 'bad-argument', unsafe);
  }
});

test('a batch file runs with every argument in quotes', () => {
  assert.deepEqual(batchLaunch('C:\\Program Files (x86)\\a.cmd', ['', 'a b', 'C:\\x\\'], 'C:\\Windows'), {
    ok: true,
    value: {
      command: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/d', '/s', '/v:off', '/c', '""C:\\Program Files (x86)\\a.cmd" "" "a b" "C:\\x\\\\""'],
    },
  });
  assert.equal(batchLaunch('C:\\%TEMP%\\a.cmd', []).ok, false);
  assert.equal(batchLaunch('C:\\a.cmd', ['x'.repeat(9_000)]).ok, false);
});
