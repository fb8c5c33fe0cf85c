import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTypedServer, splitCommandLine, suggestName } from '../../../src/presentation/commandLine';

test('a command line is split as a terminal splits it, and Windows paths survive', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['  npx   -y server ', ['npx', '-y', 'server']],
    [`node "a b.js" 'c "d"' e\\ f`, ['node', 'a b.js', 'c "d"', 'e f']],
    [String.raw`C:\tools\run.exe "C:\my files\x"`, [String.raw`C:\tools\run.exe`, String.raw`C:\my files\x`]],
    [`run '' a""b`, ['run', '', 'ab']],
    ['echo ${workspaceFolder} $HOME; rm', ['echo', '${workspaceFolder}', '$HOME;', 'rm']],
  ];
  for (const [line, words] of cases)
    assert.deepEqual(splitCommandLine(line), { ok: true, value: words }, line);
  assert.deepEqual(splitCommandLine('node "a'), { ok: false, error: 'A " is not closed.' });
});

test('what is typed for a new server is a program, or the address of a remote one', () => {
  const cases: readonly (readonly [string, object, string])[] = [
    [
      'npx -y @modelcontextprotocol/server-everything@2026.8.31',
      { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything@2026.8.31'] },
      'everything',
    ],
    ['./server.py', { command: './server.py' }, 'server'],
    ['/opt/notes-mcp-server', { command: '/opt/notes-mcp-server' }, 'notes'],
    ['https://mcp.example.com/mcp', { url: 'https://mcp.example.com/mcp' }, 'example.com'],
    ['http://[::1]:3000/', { url: 'http://[::1]:3000/' }, '---1-'],
    ['HTTP://127.0.0.1:3000/sse', { url: 'HTTP://127.0.0.1:3000/sse' }, '127.0.0.1'],
  ];
  for (const [line, entry, name] of cases) {
    const typed = readTypedServer(line);
    assert.ok(typed.ok, line);
    assert.deepEqual(typed.value, entry);
    assert.equal(suggestName(typed.value), name);
  }
  const wrong: readonly (readonly [string, RegExp])[] = [
    [' ', /^Type a command or an address\.$/],
    ["node 'x", /not closed/],
    ['https://a.example/mcp --token x', /^An address stands alone\.$/],
    ['https://', /^The address must be a complete URL/],
    ['https://me:pw@a.example/', /^The address must not hold a user name or password/],
  ];
  for (const [line, error] of wrong) {
    const typed = readTypedServer(line);
    assert.ok(!typed.ok, line);
    assert.match(typed.error, error);
  }
});
