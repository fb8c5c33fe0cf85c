/** Values that entries need of the person: asked once, kept where they belong, shown nowhere. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { FailureError } from '../../../src/protocol/failure';
import { HostHarness } from '../../support/hostHarness';
import { ENTRY, open, WORKSPACE_SCOPE } from './inputEntry';

function failedField(harness: HostHarness, name = 'one'): string | undefined {
  const state = harness.state(name);
  return state.kind === 'failed' && state.cause.kind === 'config'
    ? state.cause.problems[0]?.field
    : undefined;
}

test('an input is asked once, and its value is used again at the next start', async () => {
  const harness = await open();
  await harness.host.restart('user/one');
  assert.deepEqual(harness.world.prompts, ['key']);
  assert.deepEqual(
    harness.starts.map(({ spec }) => spec.args),
    [['a value'], ['a value']],
  );
  await harness.end();
});

test('servers that need the same input ask for it once, one question at a time', async () => {
  const answer = new Deferred<string>();
  const harness = await open({
    answer: answer.promise,
    servers: {
      one: ENTRY,
      two: { ...ENTRY, command: 'two' },
      three: { command: 'three', args: ['${input:other}'] },
    },
  });
  assert.deepEqual(harness.world.prompts, ['key'], 'the other question waits');
  answer.resolve('given');
  await harness.settle();
  assert.deepEqual(harness.world.prompts, ['key', 'other']);
  assert.deepEqual([harness.start('one').spec.args, harness.start('two').spec.args], [['given'], ['given']]);
  await harness.end();
});

test('a password lives in the secret store and nowhere else, a plain value with the workspace', async () => {
  const secret = await open({ password: true, answer: 'CANARY-secret' });
  assert.deepEqual([...secret.world.secrets.values()], ['CANARY-secret']);
  for (const values of [secret.world.memory.values, secret.world.decisions.values])
    assert.ok(!JSON.stringify([...values]).includes('CANARY'));
  await secret.end();

  const plain = await open();
  assert.equal(plain.world.secrets.size, 0);
  assert.ok(JSON.stringify([...plain.world.memory.values]).includes('a value'));
  await plain.end();
});

test('a password never reaches the log, not even when the server writes it to stderr or sends it back', async () => {
  const harness = await open({ password: true, answer: 'CANARY-secret' });
  harness.start('one').server.transport.peerHandlers?.onStderr(['the key is CANARY-secret'], 0);
  harness.start('one').server.notify('notifications/message', { level: 'info', data: 'CANARY-secret' });
  await harness.settle();
  assert.ok(harness.world.logLines.some((line) => line.includes('the key is')));
  harness.start('one').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  assert.ok(!harness.world.logLines.join('\n').includes('CANARY'));
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
  assert.deepEqual(state.cause.stderr, ['the key is ***'], 'nor the state that a person sees');
  await harness.end();
});

test("a question that is dismissed is that server's error, with the field that needs the value", async () => {
  const harness = await open({ answer: null, servers: { one: ENTRY, other: { command: 'other' } } });
  assert.equal(failedField(harness), 'args[0]');
  assert.equal(harness.state('other').kind, 'running');
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});

test('an input that nobody defines is an error, and nothing is asked', async () => {
  const harness = await open({ servers: { one: { command: 'one', env: { K: '${input:nobody}' } } } });
  assert.equal(failedField(harness), 'env.K');
  assert.deepEqual(harness.world.prompts, []);
  await harness.end();
});

test('a workspace sees neither the inputs nor the values of the user, and cannot redefine them', async () => {
  const harness = await open({ password: true, answer: 'CANARY-of-the-user' });
  harness.world.scopedInputs.set('workspace', [{ id: 'key', description: 'evil', password: false }]);
  harness.world.inputAnswer = 'of the workspace';
  await harness.edit({ evil: { command: 'evil', args: ['${input:key}'] } }, WORKSPACE_SCOPE);
  await harness.approve();
  assert.deepEqual(harness.start('evil').spec.args, ['of the workspace'], 'it asks for a value of its own');
  await harness.host.restart('user/one');
  assert.deepEqual(harness.start('one').spec.args, ['CANARY-of-the-user'], 'and the value of the user stays');
  harness.world.scopedInputs.set('workspace', []);
  await harness.host.restart('workspace/evil');
  assert.equal(
    harness.state('evil', WORKSPACE_SCOPE).kind,
    'failed',
    'without a definition there is no value',
  );
  await harness.end();
});

test('nothing is asked for a launch that is not approved', async () => {
  const harness = await open({ scope: WORKSPACE_SCOPE });
  assert.deepEqual(harness.world.prompts, []);
  await harness.approve();
  assert.deepEqual(harness.world.prompts, ['key']);
  assert.deepEqual(harness.start('one').spec.args, ['a value']);
  await harness.end();
});

for (const broken of ['get', 'set'] as const)
  test(`a secret store whose ${broken} fails is an error of that server, never "no value"`, async () => {
    const harness = new HostHarness();
    const secrets = harness.world.secrets;
    if (broken === 'get') harness.world.onSecretRead = () => fail();
    else secrets.set = () => fail();
    harness.world.inputs = [{ id: 'key', description: '', password: true }];
    harness.world.inputAnswer = 'CANARY-secret';
    harness.world.setServers({ one: ENTRY, other: { command: 'other' } });
    harness.host.open();
    await harness.settle();
    const state = harness.state('one');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
    assert.match(JSON.stringify(state.cause), /secret storage cannot be used/);
    assert.ok(!JSON.stringify(state.cause).includes('CANARY'));
    assert.equal(harness.world.prompts.length, broken === 'get' ? 0 : 1);
    assert.equal(harness.state('other').kind, 'running');
    await harness.end();
  });

function fail(): never {
  throw new Error('keyring locked: CANARY-secret');
}

test('values that are forgotten are asked for again, those of other scopes stay', async () => {
  const harness = await open({ password: true });
  await harness.host.forgetInputs('user/one');
  assert.equal(harness.world.secrets.size, 0);
  await harness.host.restart('user/one');
  assert.deepEqual(harness.world.prompts, ['key', 'key']);
  await harness.end();
});

test('a secret store that fails to forget a value is told of in our own words', async () => {
  const harness = await open({ password: true, answer: 'hunter22' });
  harness.world.onSecretDelete = () => {
    throw new Error('cannot delete hunter22');
  };
  await assert.rejects(harness.host.forgetInputs('user/one'), (error: unknown) => {
    assert.ok(error instanceof FailureError);
    assert.equal(error.failure.code, 'refused');
    assert.doesNotMatch(error.message, /hunter22/);
    return true;
  });
  await harness.end();
});

test('stopping a server ends the wait for its inputs, and a late value is not kept', async () => {
  const answer = new Deferred<string>();
  const harness = await open({ answer: answer.promise });
  assert.ok(harness.server('one').isPreparing);
  await harness.host.stop('user/one');
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  answer.resolve('late');
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.equal(harness.world.memory.values.size, 0);
  await harness.end();
});

test('a server that waits behind the question of another one can be stopped, and closing waits for no answer', async () => {
  const harness = await open({
    answer: new Deferred<string>().promise,
    servers: { one: ENTRY, two: { ...ENTRY, command: 'two' } },
  });
  await harness.host.stop('user/two');
  assert.equal(harness.state('two').kind, 'stopped');
  await harness.end();
  assert.equal(harness.launches, 0);
});
