import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readServerName } from '../../../src/policy/readServerEntry';
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
    ['http://[::1]:3000/', { url: 'http://[::1]:3000/' }, 'server'],
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

test('an address is taken as it stands, with its quotes, backslashes and variables', () => {
  const cases: readonly (readonly [string, string])[] = [
    [`https://a.example/mcp?q="x'y"&z='`, 'a.example'],
    [String.raw`https://a.example/mcp?q=a\"b`, 'a.example'],
    ['https://${input:host}/mcp', 'server'],
    ['https://${input:my host}/mcp', 'server'],
    ['https://mcp.${env:DOMAIN}:8080/mcp', 'server'],
    ['https://${input:tenant}.notes.example/${env:PATH}', 'notes.example'],
    ['HTTPS://a.example', 'a.example'],
    ['http://localhost:${input:port}/', 'localhost'],
    ['http://[::1]:${input:port}/', 'server'],
  ];
  for (const [url, name] of cases) {
    assert.deepEqual(readTypedServer(`  ${url} `), { ok: true, value: { url } });
    assert.equal(suggestName({ url }), name, url);
  }
  assert.deepEqual(readTypedServer('"https://a.example/"'), {
    ok: true,
    value: { url: 'https://a.example/' },
  });
  for (const line of [
    'https://${input:host}/mcp --token x',
    '"https://a.example/" x',
    '"https://a.example/ x"',
  ])
    assert.deepEqual(readTypedServer(line), { ok: false, error: 'An address stands alone.' }, line);
});

test('whatever is typed, the name that is suggested is one, and of its own', () => {
  const lines = [
    ...['__proto__', 'constructor', 'npx toString', '@a/__proto__', './__defineGetter__.js', 'valueOf'],
    ...[
      'заметки',
      "run ''",
      '/opt/x/',
      'npx -y @scope',
      `${'ab-'.repeat(40)}x`,
      `${'a'.repeat(60)}-b`,
      'a  b',
    ],
    ...[
      'http://[fe80::1]/',
      'https://xn--e1aybc.example/',
      'https://тест.example/',
      'https://-a-/',
      'https://___/',
    ],
    ...[
      'https://constructor/',
      'https://__proto__/',
      'https://a_b.example/',
      'run ${env:X}-notes_${input:a}.py',
    ],
  ];
  for (const line of lines) {
    const typed = readTypedServer(line);
    assert.ok(typed.ok, line);
    const name = suggestName(typed.value);
    assert.match(name, /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,58}[A-Za-z0-9])?$/, line);
    assert.ok(!(name in {}), `${name} of ${line}`);
    assert.ok(readServerName(name).ok, name);
    const second = suggestName(typed.value, [name, `${name}-2`]);
    assert.equal(second, `${name}-3`);
    assert.ok(readServerName(second).ok, second);
  }
});
