import assert from 'node:assert/strict';
import { test } from 'node:test';

import { proxyFor } from '../../../src/transport/http/agents';
import { networkSettings } from '../../../src/transport/networkSettings';
import type { NetworkSettings } from '../../../src/transport/remoteSpec';

function read(
  settings: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
): NetworkSettings {
  return networkSettings((key) => settings[key], environment);
}

test('without a word about proxies connections are direct, strict and know the certificates of the system', () => {
  assert.deepEqual(read({}), { strictTls: true, certificates: [], systemCertificates: true });
  assert.equal(read({ proxyStrictSSL: false, systemCertificates: false }).strictTls, false);
  assert.equal(read({ systemCertificates: false }).systemCertificates, false);
});

test("the editor's proxy goes before that of the environment, and off means none", () => {
  const environment = { https_proxy: 'http://env:1', no_proxy: 'a.example, b.example' };
  assert.equal(read({ proxy: 'http://set:1' }, environment).proxy?.https, 'http://set:1');
  assert.equal(read({}, environment).proxy?.https, 'http://env:1');
  assert.equal(read({}, { HTTP_PROXY: 'http://up:1' }).proxy?.http, 'http://up:1');
  assert.deepEqual(read({}, environment).proxy?.bypass, ['a.example', 'b.example']);
  assert.deepEqual(read({ noProxy: ['c.example'] }, environment).proxy?.bypass, ['c.example']);
  assert.equal(read({ proxySupport: 'off', proxy: 'http://set:1' }, environment).proxy, undefined);
  assert.equal(read({ proxy: 7 }).proxy, undefined);
});

test('what names no scheme is no proxy, for us as for the editor', () => {
  const environment = { https_proxy: 'proxy.example:3128', http_proxy: ' http://env:1 ' };
  assert.equal(read({}, environment).proxy?.https, 'http://env:1');
  assert.equal(read({ proxy: 'localhost:3128' }, environment).proxy?.http, 'http://env:1');
  assert.equal(read({ proxy: '127.0.0.1:3128' }).proxy, undefined);
});

const PROXY = {
  http: 'http://p:1',
  https: 'http://p:2',
  bypass: ['.corp.example', 'exact.example:8443', '*.wild.example'],
};
for (const [url, expected] of [
  ['https://example.com/', PROXY.https],
  ['http://example.com/', PROXY.http],
  ['https://localhost/', undefined],
  ['http://127.0.0.1:3000/', undefined],
  ['http://[::1]/', undefined],
  ['https://127.example.com/', PROXY.https],
  ['https://corp.example/', undefined],
  ['https://a.corp.example/', undefined],
  ['https://notcorp.example/', PROXY.https],
  ['https://exact.example:8443/', undefined],
  ['https://exact.example/', PROXY.https],
  ['https://a.wild.example/', undefined],
] as const)
  test(`${url} goes ${expected === undefined ? 'directly' : 'through the proxy'}`, () => {
    assert.equal(proxyFor(new URL(url), PROXY), expected);
  });

test('a star bypasses the proxy for everything', () => {
  assert.equal(proxyFor(new URL('https://example.com/'), { ...PROXY, bypass: ['*'] }), undefined);
});
