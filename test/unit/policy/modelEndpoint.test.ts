import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  endpointAddress,
  endpointKey,
  endpointModel,
  idsOf,
  isChatModel,
  isEndpointKey,
  isUsableKey,
  readEndpoint,
  type ModelEndpoint,
} from '../../../src/policy/modelEndpoint';

function endpoint(url: string, hosts: readonly string[] = []): ModelEndpoint {
  const read = readEndpoint(url, [], hosts);
  assert.ok(read.kind === 'usable', `${url}: ${read.kind === 'unusable' ? read.reason : read.kind}`);
  return read.endpoint;
}

test('an endpoint is https, or this machine, or a host that the person allows for http', () => {
  for (const url of [
    'https://api.example/v1',
    'http://127.0.0.1:11434/v1',
    'http://localhost:1234/v1',
    'http://[::1]:80/v1',
  ])
    endpoint(url);
  endpoint('http://gpu.lan:8000/v1', ['gpu.lan:8000']);
  const unusable: readonly (readonly [unknown, RegExp])[] = [
    ['http://gpu.lan:8000/v1', /must start with https/],
    ['http://127.0.0.1.evil.example/v1', /must start with https/],
    ['ftp://127.0.0.1/v1', /must start with https/],
    ['https://user:pw@api.example/v1', /must not hold a user name/],
    ['https://api.example/v1#x', /fragment/],
    ['not an address', /complete URL/],
  ];
  for (const [url, reason] of unusable) {
    const read = readEndpoint(url, [], []);
    assert.ok(read.kind === 'unusable', String(url));
    assert.match(read.reason, reason);
    assert.match(read.reason, /^The setting mcpHost\.sampling\.endpoint /);
  }
  for (const nothing of ['', '  ', undefined, 5, null, {}])
    assert.deepEqual(readEndpoint(nothing, [], []), { kind: 'none' });
});

test('addresses of its resources lie below its own, however that is written', () => {
  for (const written of [
    'https://a.example/v1',
    'https://a.example/v1/',
    ' https://a.example/v1/chat/completions/ ',
  ])
    assert.equal(endpointAddress(endpoint(written), 'models').href, 'https://a.example/v1/models', written);
  assert.equal(endpointAddress(endpoint('http://127.0.0.1:1'), 'models').href, 'http://127.0.0.1:1/models');
  assert.equal(
    endpointAddress(endpoint('https://a.example/v1?api-version=2'), 'chat/completions').href,
    'https://a.example/v1/chat/completions?api-version=2',
  );
});

test('the key of a model names its address, so that it means nothing at another one', () => {
  const here = endpoint('https://a.example/v1');
  const key = endpointKey(here, 'vendor/model:7b#q4');
  assert.equal(endpointModel(here, key), 'vendor/model:7b#q4');
  assert.ok(isEndpointKey(key));
  assert.ok(!isEndpointKey('copilot/gpt'));
  for (const other of [
    'https://a.example/v2',
    'https://a.example',
    'https://a.example:8443/v1',
    'http://localhost/v1',
  ])
    assert.equal(endpointModel(endpoint(other), key), undefined, other);
  assert.equal(endpointModel(here, endpointKey(here, '')), undefined);
});

test('ids of models are texts of a usable length, each once, and bounded in number', () => {
  assert.deepEqual(idsOf(['a', 'a', '', 5, null, 'x'.repeat(201), 'b']), ['a', 'b']);
  for (const none of [undefined, 'a', {}, 5]) assert.deepEqual(idsOf(none), []);
  assert.equal(idsOf(Array.from({ length: 9_000 }, (_, index) => `m${index}`)).length, 500);
});

test('models that do not talk are known by their names', () => {
  for (const id of ['gpt-4o', 'llama3.2:3b', 'qwen2.5-vl', 'o3-mini', 'attsy-7b', 'imagenary'])
    assert.ok(isChatModel(id), id);
  for (const id of [
    'text-embedding-3-large',
    'nomic-embed-text',
    'whisper-1',
    'tts-1',
    'gpt-4o-mini-tts',
    'dall-e-3',
    'gpt-image-1',
    'omni-moderation-latest',
    'babbage-002',
    'gpt-4o-realtime-preview',
    'bge-reranker',
  ])
    assert.ok(!isChatModel(id), id);
});

test('a key fits into a header', () => {
  assert.ok(isUsableKey('sk-abc_123.~'));
  for (const key of ['', 'a b', 'a\n', 'ä', '\u202e', 'x'.repeat(4_097)])
    assert.ok(!isUsableKey(key), key.slice(0, 9));
});
