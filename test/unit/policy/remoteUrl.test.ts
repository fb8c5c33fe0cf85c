import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addressNotes, plainHttpTrouble, urlTrouble } from '../../../src/policy/remoteUrl';

test('plain http goes to this machine and to no other host (T074)', () => {
  for (const url of [
    'http://localhost:3000/mcp',
    'http://127.0.0.1/',
    'http://[::1]:8/',
    'http://a.localhost/',
  ])
    assert.equal(plainHttpTrouble(url, []), undefined, url);
  for (const url of [
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://192.168.1.2/',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost.example/',
    'http://0.0.0.0/',
  ])
    assert.match(plainHttpTrouble(url, []) ?? '', /must start with https:\/\//, url);
});

test('a number that is an address of this machine is taken for what it is (T074)', () => {
  assert.equal(plainHttpTrouble('http://2130706433/', []), undefined);
  assert.equal(new URL('http://2130706433/').hostname, '127.0.0.1');
});

test('the person may name hosts that are reached without encryption, each with its port', () => {
  assert.equal(plainHttpTrouble('http://box.lan:8080/mcp', ['Box.lan:8080']), undefined);
  assert.match(plainHttpTrouble('http://box.lan:8081/mcp', ['box.lan:8080']) ?? '', /box\.lan:8081/);
  assert.match(plainHttpTrouble('http://box.lan/', ['*']) ?? '', /insecureHosts/);
});

for (const [url, message] of [
  ['example.com', /complete URL/],
  ['ws://example.com', /not ws:/],
  ['file:///etc/passwd', /not file:/],
  ['https://user@example.com', /user name or password/],
  ['https://host:0', /port 0/],
  ['https://host/#x', /fragment/],
] as const)
  test(`${url} is no address of a server`, () => assert.match(urlTrouble(url) ?? '', message));

test('a host in letters of another alphabet is noted under its real name', () => {
  const [note] = addressNotes('https://ex\u0430mple.com/mcp');
  assert.equal(note?.kind, 'foreign-letters');
  assert.match(note.text, /xn--/);
  assert.deepEqual(addressNotes('https://example.com/'), []);
  assert.deepEqual(addressNotes('http://localhost/'), []);
  assert.equal(addressNotes('http://box.lan/')[0]?.kind, 'plain-http');
});
