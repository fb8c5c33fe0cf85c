import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  readRecord,
  withClient,
  withGivenUp,
  writeRecord,
  type AuthRecord,
} from '../../../src/authorization/record';
import { toFailure } from '../../../src/protocol/failure';

function isStoreFailure(error: unknown): boolean {
  const failure = toFailure(error);
  return failure.code === 'authorization' && failure.problem === 'store-unavailable';
}

const SERVER = 'https://host.example/mcp';
const RECORD: AuthRecord = {
  server: SERVER,
  clients: [
    {
      kind: 'dynamic',
      issuer: 'https://as.example',
      clientId: 'c1',
      clientSecret: 's',
      secretExpiresAt: 5,
      method: 'client_secret_basic',
      redirectUri: 'http://127.0.0.1/cb',
    },
  ],
  requested: { issuer: 'https://as.example', scopes: ['a'] },
  dpopKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' },
  metadataUrl: 'https://host.example/prm',
  tokens: {
    issuer: 'https://as.example',
    resource: SERVER,
    clientId: 'c1',
    accessToken: 'at',
    type: 'dpop',
    refreshToken: 'rt',
    scopes: ['a'],
    obtainedAt: 1,
    lifetimeMs: 2,
    account: 'me',
    guessed: true,
  },
};

test('a record comes back as it was stored', () => {
  assert.deepEqual(readRecord(writeRecord(RECORD), SERVER), RECORD);
  assert.deepEqual(readRecord(undefined, SERVER), { server: SERVER, clients: [] });
});

test('nothing of another server is used (T094)', () => {
  const empty = { server: 'https://other.example', clients: [] };
  assert.deepEqual(readRecord(writeRecord(RECORD), 'https://other.example'), empty);
  const foreign = {
    ...RECORD,
    tokens: { ...(RECORD.tokens ?? assert.fail()), resource: 'https://evil.example' },
  };
  assert.equal(readRecord(writeRecord(foreign), SERVER).tokens, undefined);
});

test('what cannot be read is never "nothing" (T095)', () => {
  const text = writeRecord(RECORD);
  const newer = text.replace('"version":1', '"version":2');
  for (const odd of ['', 'x', '[]', 'null', '{}', text.slice(0, -1), newer, `${text}${' '.repeat(70_000)}`])
    assert.throws(() => readRecord(odd, SERVER), isStoreFailure);
});

test('parts that are not what they should be are left out', () => {
  const value = {
    version: 1,
    server: SERVER,
    clients: [null, 7, { kind: 'odd', issuer: 'i', clientId: 'c' }, { kind: 'dynamic', issuer: 1 }],
    requested: 'all',
    tokens: { ...RECORD.tokens, type: 'mac' },
    dpopKey: 'key',
  };
  assert.deepEqual(readRecord(JSON.stringify(value), SERVER), { server: SERVER, clients: [] });
});

test('a record has a limit, and so has the number of clients in it', () => {
  const tokens = { ...(RECORD.tokens ?? assert.fail()), account: 'x'.repeat(70_000) };
  assert.throws(() => writeRecord({ ...RECORD, tokens }), isStoreFailure);
  let record = RECORD;
  for (let index = 0; index < 10; index++)
    record = withClient(record, { kind: 'dynamic', issuer: 'i', clientId: `n${index % 6}` });
  assert.deepEqual(
    record.clients.map(({ clientId }) => clientId),
    ['n3', 'n2', 'n1', 'c1'],
    'the one that the tokens were given to stays',
  );
});

test('a client with which a sign-in was given up goes, or only renews its tokens from then on', () => {
  const [holder = assert.fail()] = RECORD.clients;
  const other = { kind: 'dynamic', issuer: 'i', clientId: 'n' } as const;
  const record = withClient(RECORD, other);
  assert.deepEqual(withGivenUp(record, other), RECORD);
  const retired = withGivenUp(RECORD, holder);
  assert.deepEqual(retired.clients, [{ ...holder, retired: true }]);
  assert.deepEqual(readRecord(writeRecord(retired), SERVER), retired);
});
