import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  appendWellKnown,
  canonicalResource,
  coversServer,
  insertWellKnown,
  isSameRedirect,
  safeUrl,
} from '../../../src/authorization/urls';
import { isLoopback } from '../../../src/base/loopback';

const UNSAFE = [
  'file:///C:/Windows/System32/calc.exe',
  '\\\\evil\\x',
  'javascript:alert(1)',
  'vscode://ext/install',
  'ms-msdt:/id',
  'search-ms:query=x',
  'data:text/html,x',
  'vbscript:x',
  'ftp://host.example/',
  'http://$(calc).example/',
  'https://$(calc).example/',
  'https://`id`.example/',
  'https://ok.example/";calc;"',
  'https://ok.example/\nX',
  'https://ok.example/\u202e',
  'https://exämple.example/',
  'https://user:pass@ok.example/',
  'https://user@ok.example/',
  'http://ok.example/',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://localhost.evil.example/',
  `https://ok.example/${'a'.repeat(10_000)}`,
  '',
  'https://',
  '//ok.example/',
  '/authorize',
];

for (const text of UNSAFE)
  test(`${JSON.stringify(text.slice(0, 60))} is no address for a sign-in (T079)`, () => {
    assert.throws(() => safeUrl(text, 'it'), { name: 'FailureError' });
  });

test('addresses of web servers, and plain http to this machine, are fine', () => {
  for (const text of [
    'https://ok.example/authorize?a=b&c=%22',
    'HTTPS://OK.example:8443/',
    'https://xn--exmple-cua.example/',
    'https://1.2.3.4/',
    'https://[2001:db8::1]/',
    'http://localhost:3000/a',
    'http://app.localhost/a',
    'http://127.0.0.1:3000/a',
    'http://[::1]:3000/a',
    'http://2130706433/',
  ])
    assert.equal(safeUrl(text, 'it').href, new URL(text).href);
});

test('this machine is known by address and by reserved name only', () => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
    assert.equal(isLoopback(new URL(`http://${host}/`).hostname), true, host);
  for (const host of [
    'localhost.example',
    'xlocalhost',
    '10.0.0.1',
    '[fe80::1]',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
  ])
    assert.equal(isLoopback(new URL(`http://${host}/`).hostname), false, host);
});

test('the canonical name of a server has no fragment, no query and no slash that nobody wrote (AUTH13)', () => {
  const cases = [
    ['https://Host.example', 'https://host.example'],
    ['https://host.example/', 'https://host.example'],
    ['https://host.example/mcp', 'https://host.example/mcp'],
    ['https://host.example/mcp/', 'https://host.example/mcp/'],
    ['https://host.example:443/mcp?key=secret#x', 'https://host.example/mcp'],
  ] as const;
  for (const [url, expected] of cases) assert.equal(canonicalResource(new URL(url)), expected);
});

test('a resource covers a server that it is, or is a parent path of', () => {
  const server = new URL('https://host.example/a/mcp');
  for (const resource of [
    'https://host.example',
    'https://host.example/a',
    'https://host.example/a/',
    'HTTPS://HOST.example:443/a/mcp',
  ])
    assert.equal(coversServer(resource, server), true, resource);
  for (const resource of [
    'https://host.example/A',
    'https://host.example/a/mc',
    'https://host.example/a/mcp/x',
    'https://host.example/a?x',
    'https://user@host.example/a',
    'https://host.example:8443/a',
    'http://host.example/a',
    'https://evil.example/a/mcp',
    'https://host.example/a/../b',
  ])
    assert.equal(coversServer(resource, server), false, resource);
});

test('well-known addresses go before the path or behind it', () => {
  const base = new URL('https://as.example/tenant1/');
  assert.equal(insertWellKnown(base, 'x').href, 'https://as.example/.well-known/x/tenant1');
  assert.equal(appendWellKnown(base, 'x').href, 'https://as.example/tenant1/.well-known/x');
  assert.equal(insertWellKnown(new URL('https://as.example'), 'x').href, 'https://as.example/.well-known/x');
});

test('a redirect to an address of this machine is the same at any port, and every other must be equal (RFC 8252 §7.3)', () => {
  const registered = 'http://127.0.0.1:4000/callback';
  for (const [wanted, same] of [
    [registered, true],
    ['http://127.0.0.1:5000/callback', true],
    ['http://127.0.0.1:5000/other', false],
    ['http://127.0.0.2:4000/callback', false],
    ['http://[::1]:4000/callback', false],
    ['http://localhost:4000/callback', false],
    ['https://127.0.0.1:5000/callback', false],
    ['vscode://x.y/callback', false],
  ] as const)
    assert.equal(isSameRedirect(registered, wanted), same, wanted);
  assert.equal(isSameRedirect('http://localhost:1/a', 'http://localhost:2/a'), false);
  assert.equal(isSameRedirect('https://a.example:1/a', 'https://a.example:2/a'), false);
  assert.equal(isSameRedirect('vscode://x.y/callback', 'vscode://x.y/callback'), true);
});
