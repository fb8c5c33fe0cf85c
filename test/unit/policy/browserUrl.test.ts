import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserTrouble } from '../../../src/policy/browserUrl';

for (const address of [
  'https://as.example/authorize?client_id=a&state=b',
  'https://as.example:8443/x',
  'http://localhost:3000/authorize',
  'http://127.0.0.1:3000/authorize',
  'http://[::1]:3000/authorize',
])
  test(`${address} may be opened after a click`, () => assert.equal(browserTrouble(address), undefined));

for (const address of [
  'file:///C:/Windows/System32/calc.exe',
  '\\\\evil\\x',
  'javascript:alert(1)',
  'vscode://ext/install',
  'ms-msdt:/id',
  'search-ms:query',
  'http://$(calc).example/',
  'https://$(calc).example/',
  'https://ok/";calc;"\n',
  'https://ok/ space',
  'data:text/html,x',
  'http://example.com/authorize',
  'https://user:pass@as.example/',
  'https://as.example/\u202e',
  `https://as.example/${'x'.repeat(9_000)}`,
  '',
])
  test(`${JSON.stringify(address.slice(0, 40))} is never opened, and the person is told why (T079)`, () => {
    assert.match(browserTrouble(address) ?? '', /^The address to open in a browser/);
  });
