import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childEnvironment, PASSED_VARIABLES } from '../../../src/policy/environment';
import type { Platform } from '../../../src/policy/paths';

const POSIX = [
  ...[
    'ALL_PROXY',
    'HOME',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'LANG',
    'LANGUAGE',
    'LC_ADDRESS',
    'LC_ALL',
    'LC_COLLATE',
    'LC_CTYPE',
  ],
  ...[
    'LC_IDENTIFICATION',
    'LC_MEASUREMENT',
    'LC_MESSAGES',
    'LC_MONETARY',
    'LC_NAME',
    'LC_NUMERIC',
    'LC_PAPER',
    'LC_TELEPHONE',
  ],
  ...[
    'LC_TIME',
    'LOGNAME',
    'NO_PROXY',
    'PATH',
    'SHELL',
    'SSL_CERT_DIR',
    'SSL_CERT_FILE',
    'TERM',
    'TMPDIR',
    'TZ',
    'USER',
  ],
  ...[
    'XDG_CACHE_HOME',
    'XDG_CONFIG_DIRS',
    'XDG_CONFIG_HOME',
    'XDG_DATA_DIRS',
    'XDG_DATA_HOME',
    'XDG_RUNTIME_DIR',
    'XDG_STATE_HOME',
  ],
  ...['all_proxy', 'http_proxy', 'https_proxy', 'no_proxy'],
];
const WINDOWS = [
  ...[
    'ALLUSERSPROFILE',
    'ALL_PROXY',
    'APPDATA',
    'COMMONPROGRAMFILES',
    'COMMONPROGRAMFILES(X86)',
    'COMMONPROGRAMW6432',
  ],
  ...[
    'COMPUTERNAME',
    'COMSPEC',
    'HOMEDRIVE',
    'HOMEPATH',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'LANG',
    'LANGUAGE',
    'LC_ADDRESS',
    'LC_ALL',
  ],
  ...[
    'LC_COLLATE',
    'LC_CTYPE',
    'LC_IDENTIFICATION',
    'LC_MEASUREMENT',
    'LC_MESSAGES',
    'LC_MONETARY',
    'LC_NAME',
    'LC_NUMERIC',
  ],
  ...[
    'LC_PAPER',
    'LC_TELEPHONE',
    'LC_TIME',
    'LOCALAPPDATA',
    'NO_PROXY',
    'NUMBER_OF_PROCESSORS',
    'OS',
    'PATH',
    'PATHEXT',
  ],
  ...[
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMDATA',
    'PROGRAMFILES',
    'PROGRAMFILES(X86)',
    'PROGRAMW6432',
    'PUBLIC',
    'SSL_CERT_DIR',
  ],
  ...[
    'SSL_CERT_FILE',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'TERM',
    'TMP',
    'TZ',
    'USERDOMAIN',
    'USERNAME',
    'USERPROFILE',
    'WINDIR',
  ],
];

test('the list of variables that are passed on is exactly this', () => {
  assert.deepEqual([...PASSED_VARIABLES.linux].sort(), POSIX);
  assert.deepEqual([...PASSED_VARIABLES.darwin].sort(), [...POSIX, '__CF_USER_TEXT_ENCODING'].sort());
  assert.deepEqual([...PASSED_VARIABLES.win32].sort(), WINDOWS);
});

const PLATFORMS: readonly Platform[] = ['linux', 'darwin', 'win32'];
const SECRETS = [
  ...[
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'SSH_AUTH_SOCK',
    'VSCODE_IPC_HOOK_CLI',
  ],
  ...[
    'VSCODE_GIT_ASKPASS_NODE',
    'ELECTRON_RUN_AS_NODE',
    'NODE_OPTIONS',
    'LC_SECRET',
    'XDG_SECRET',
    'LD_PRELOAD',
    '__proto__',
  ],
];

for (const platform of PLATFORMS) {
  test(`nothing outside the list reaches a child on ${platform}`, () => {
    const host = Object.fromEntries(
      [...SECRETS, ...PASSED_VARIABLES[platform]].map((name) => [name, `v-${name}`]),
    );
    const built = childEnvironment(host, platform, new Map());
    assert.ok(built.ok);
    assert.deepEqual(Object.keys(built.value).sort(), [...PASSED_VARIABLES[platform]].sort());
  });

  test(`what the entry names is added, replaced or removed on ${platform}`, () => {
    const entry = new Map<string, string | null>([
      ['GITHUB_TOKEN', 't'],
      ['PATH', '/x'],
      ['LANG', null],
      ['NONE', null],
    ]);
    const built = childEnvironment(
      { PATH: '/usr/bin', LANG: 'C', TERM: 'dumb', GITHUB_TOKEN: 'host' },
      platform,
      entry,
    );
    assert.ok(built.ok);
    assert.deepEqual({ ...built.value }, { PATH: '/x', TERM: 'dumb', GITHUB_TOKEN: 't' });
  });

  for (const name of ['ELECTRON_RUN_AS_NODE', 'ELECTRON_NO_ASAR', 'VSCODE_IPC_HOOK_CLI', 'vscode_pid']) {
    test(`an entry may not set ${name} on ${platform}`, () => {
      const built = childEnvironment({}, platform, new Map([[name, '1']]));
      assert.ok(!built.ok);
      assert.deepEqual(
        built.error.map(({ field }) => field),
        [`env.${name}`],
      );
    });
  }
}

test('removing a variable of the editor is no problem', () => {
  assert.ok(childEnvironment({}, 'linux', new Map([['VSCODE_PID', null]])).ok);
});

test('exported shell functions are not passed on', () => {
  const built = childEnvironment({ TERM: '() { :; }; evil', LANG: 'C', USER: undefined }, 'linux', new Map());
  assert.deepEqual(built.ok && { ...built.value }, { LANG: 'C' });
});

test('on Windows names are the same in any case', () => {
  const built = childEnvironment(
    { Path: 'C:\\bin', SystemRoot: 'C:\\W' },
    'win32',
    new Map([['PATH', 'C:\\x']]),
  );
  assert.deepEqual(built.ok && { ...built.value }, { PATH: 'C:\\x', SystemRoot: 'C:\\W' });
  const removed = childEnvironment({ Path: 'C:\\bin' }, 'win32', new Map([['path', null]]));
  assert.deepEqual(removed.ok && { ...removed.value }, {});
});

test('on Windows a name that is there twice in different case is refused, elsewhere these are two names', () => {
  const entry = new Map([
    ['A', '1'],
    ['a', '2'],
  ]);
  assert.ok(!childEnvironment({}, 'win32', entry).ok);
  for (const platform of ['linux', 'darwin'] as const) {
    const built = childEnvironment({}, platform, entry);
    assert.deepEqual(built.ok && { ...built.value }, { A: '1', a: '2' });
  }
});

test('names and values that no system takes are refused', () => {
  for (const [name, value] of [
    ['', 'x'],
    ['A=B', 'x'],
    ['A\0', 'x'],
    ['A', 'x\0y'],
  ] as const) {
    assert.ok(!childEnvironment({}, 'linux', new Map([[name, value]])).ok);
  }
});

test('names of inherited properties are ordinary names', () => {
  const built = childEnvironment(
    {},
    'linux',
    new Map([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  );
  assert.ok(built.ok);
  assert.deepEqual(Object.entries(built.value), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(built.value), null);
});
