import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isInside,
  isNetworkOrDevicePath,
  networkPathProblems,
  programName,
  type Platform,
} from '../../../src/policy/paths';

const INSIDE: readonly (readonly [path: string, folder: string, platform: Platform, inside: boolean])[] = [
  ['/w/a', '/w', 'linux', true],
  ['/w', '/w', 'linux', true],
  ['/w', '/w/', 'linux', true],
  ['/wide', '/w', 'linux', false],
  ['/w/../etc', '/w', 'linux', false],
  ['/w/./a//b', '/w', 'linux', true],
  ['/W/a', '/w', 'linux', false],
  ['/W/a', '/w', 'darwin', true],
  ['C:\\W\\a', 'c:/w', 'win32', true],
  ['C:\\W2', 'c:\\w', 'win32', false],
  ['/w\\a', '/w', 'linux', false],
  ['/', '/w', 'linux', false],
  ['/w', '/', 'linux', true],
];
for (const [path, folder, platform, inside] of INSIDE) {
  test(`${path} is ${inside ? '' : 'not '}inside ${folder} on ${platform}`, () => {
    assert.equal(isInside(path, ['/other', folder], platform), inside);
  });
}

test('nothing is inside no folder', () => assert.equal(isInside('/a', [], 'linux'), false));

const NETWORK: readonly (readonly [path: string, network: boolean])[] = [
  ['\\\\attacker\\share\\env', true],
  ['//attacker/share', true],
  ['\\\\?\\C:\\x', true],
  ['\\\\.\\pipe\\x', true],
  ['\\??\\UNC\\attacker\\share', true],
  ['/\\attacker\\share', true],
  [' \\\\attacker\\x', true],
  ['/usr/bin', false],
  ['C:\\x', false],
  ['\\x', false],
  ['a//b', false],
];
for (const [path, network] of NETWORK) {
  test(`${path} is ${network ? '' : 'not '}a network or device path`, () =>
    assert.equal(isNetworkOrDevicePath(path), network));
}

test('every path field of an entry is checked', () => {
  const unc = '\\\\a\\b';
  const launch = {
    command: unc,
    cwd: unc,
    envFile: unc,
    searchPath: `C:\\bin;${unc}`,
  } as const;
  assert.deepEqual(
    networkPathProblems(launch).map(({ field }) => field),
    ['command', 'cwd', 'envFile', 'env.PATH'],
  );
  assert.deepEqual(networkPathProblems({ command: 'npx', searchPath: 'C:\\bin;/usr/bin' }), []);
});

test('program names are told without folder, case and ending', () => {
  assert.deepEqual(
    ['npx', '/usr/bin/npx', 'C:\\x\\NPX.CMD', './node.exe', 'python3.12', ''].map(programName),
    ['npx', 'npx', 'npx', 'node', 'python3.12', ''],
  );
});
