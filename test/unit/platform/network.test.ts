import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { editorNetwork } from '../../../src/platform/network';
import { screen } from '../../support/vscode';

beforeEach(() => screen.clear());

function set(settings: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(settings)) screen.settings.set(name, value);
}

test("the network is reached as the editor's settings say at that moment", () => {
  const network = editorNetwork({ https_proxy: 'http://environment:1' });
  assert.deepEqual(network.read(), {
    strictTls: true,
    certificates: [],
    systemCertificates: true,
    proxy: { https: 'http://environment:1', bypass: [] },
  });
  set({
    'http.proxy': 'http://setting:2',
    'http.noProxy': ['corp.example'],
    'http.proxyAuthorization': 'Basic cDpx',
    'http.proxyStrictSSL': false,
    'http.systemCertificates': false,
  });
  assert.deepEqual(network.read(), {
    strictTls: false,
    certificates: [],
    systemCertificates: false,
    proxy: {
      http: 'http://setting:2',
      https: 'http://setting:2',
      bypass: ['corp.example'],
      authorization: 'Basic cDpx',
    },
  });
  set({ 'http.proxySupport': 'off' });
  assert.equal(network.read().proxy, undefined);
});

test('hosts without encryption are those of our own setting', () => {
  const network = editorNetwork({});
  assert.deepEqual(network.insecureHosts(), []);
  set({ 'mcpHost.insecureHosts': ['box.lan:8080', 7] });
  assert.deepEqual(network.insecureHosts(), ['box.lan:8080']);
});
