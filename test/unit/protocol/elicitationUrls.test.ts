/** Addresses that a server wants opened. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { readElicitation, readRequiredUrls } from '../../../src/protocol/readElicitation';
import { raw, refusal } from './forms';

const url = (text: string): JsonObject => ({ mode: 'url', message: 'm', url: text, elicitationId: 'id' });

test('addresses are told as they will be opened', () => {
  const cases = [
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://EXAMPLE.com:443/a b'.replace(' ', '%20'), 'https://example.com/a%20b'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://[::1]:80/', 'http://[::1]/'],
  ];
  for (const [given = '', shown] of cases) {
    const found = readElicitation(url(given), '2025-11-25');
    assert.ok(found.ok, given);
    assert.deepEqual(found.value, {
      request: { mode: 'url', message: 'm', url: shown },
      elicitationId: 'id',
    });
  }
});

test('addresses that must not be opened are refused (T144)', () => {
  const bad = [
    '',
    'example.com',
    'file:///etc/passwd',
    'vscode://settings',
    'command:workbench.action.quit',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'https://github.com@evil.example/',
    'https://user:pass@example.com/',
    'https://@example.com/',
    'https://exam\u202eple.com/',
    'https://example.com/\u200b',
    'https://example.com/a b',
    ' https://example.com/',
    'https://example.com/\n',
    'https:\\\\example.com',
    `https://example.com/${'a'.repeat(8_192)}`,
    `https://example.com/${'ü'.repeat(3_000)}`,
    'https://',
  ];
  for (const text of bad) assert.match(refusal(url(text)), /^the URL /, text.slice(0, 60));
});

test('the stateless era has no ids, the revision before it needs them, and older ones have no addresses', () => {
  const { elicitationId: _, ...without } = url('https://a.example/');
  const modern = readElicitation(url('https://a.example/'), '2026-07-28');
  assert.ok(modern.ok && modern.value.elicitationId === undefined);
  assert.ok(readElicitation(without, '2026-07-28').ok);
  assert.match(refusal(without), /elicitationId/);
  assert.match(refusal(url('https://a.example/'), '2025-06-18'), /mode/);
});

test('the error that needs addresses opened lists one to five of them', () => {
  const item = url('https://a.example/');
  const good = readRequiredUrls(JSON.stringify({ elicitations: [item, item] }), '2025-11-25');
  assert.ok(good.ok && good.value.length === 2);
  const bad = [
    undefined,
    '',
    '{',
    '[]',
    '{}',
    '{"elicitations":[]}',
    '{"elicitations":[5]}',
    `{"elicitations":${JSON.stringify(Array(6).fill(item))}}`,
    JSON.stringify({ elicitations: [item, raw({})] }),
  ];
  for (const data of bad) assert.equal(readRequiredUrls(data, '2025-11-25').ok, false, data);
});
