import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ClientEvents } from '../../../src/client/contract';
import { ClientHarness, legacyAnswers } from '../../support/clientHarness';

test('log messages are bounded in number and size, and what was left out is told', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const log = (params?: JsonObject): void => harness.server.notify('notifications/message', params);
  for (let message = 0; message < 10_000; message++) log({ level: 'info', data: message });
  await harness.settle();
  assert.equal(harness.heard('logMessage').length, 100);
  await harness.pass(1_000);
  log({ level: 'info', data: { a: 1 } });
  log({ data: null });
  log();
  await harness.settle();
  assert.deepEqual(harness.heard('wire'), [{ message: '9900 more messages were left out.' }]);
  assert.deepEqual(harness.heard('logMessage').slice(100), [
    { level: 'info', text: '{"a":1}' },
    { level: 'info', text: 'null' },
    { level: 'info', text: 'null' },
  ]);
  await harness.end();
});

test('long log messages are cut, and fewer, with all that is text of the server in them', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const flood = async (params: JsonObject): Promise<ClientEvents['logMessage'][]> => {
    const before = harness.heard('logMessage').length;
    for (let message = 0; message < 1_000; message++) harness.server.notify('notifications/message', params);
    await harness.settle();
    const told = harness.heard('logMessage').slice(before);
    await harness.pass(1_000);
    return told;
  };
  const wide = { level: 'l'.repeat(1_000), logger: 'g'.repeat(1_000) };
  const told = await flood({ ...wide, data: 'd'.repeat(9_000) });
  assert.deepEqual(told[0], {
    level: 'l'.repeat(32),
    logger: 'g'.repeat(200),
    text: `${'d'.repeat(8_192)}…`,
  });
  assert.equal(told.length, 4);
  assert.equal((await flood({ level: 'info', data: '\u0001'.repeat(1_000) })).length, 5);
  assert.equal((await flood({ level: '\t'.repeat(32), logger: '\t'.repeat(200), data: '' })).length, 18);
  assert.equal((await flood({ level: 'info', data: '\t'.repeat(10_000) })).length, 1);
  assert.deepEqual(harness.heard('wire'), [
    { message: '996 more messages were left out.' },
    { message: '995 more messages were left out.' },
    { message: '982 more messages were left out.' },
    { message: '999 more messages were left out.' },
  ]);
  await harness.end();
});

test('what was left out is told before the next message, and at the end at the latest', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const log = (data: number): void => harness.server.notify('notifications/message', { level: 'info', data });
  for (let message = 0; message < 101; message++) log(message);
  await harness.settle();
  const before = harness.events.length;
  await harness.pass(1_000);
  log(1);
  await harness.settle();
  assert.deepEqual(
    harness.events.slice(before).map(({ name }) => name),
    ['wire', 'logMessage'],
  );
  for (let message = 0; message < 101; message++) log(message);
  await harness.settle();
  harness.server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  assert.deepEqual(
    harness.events.slice(-2).map(({ name }) => name),
    ['wire', 'ended'],
  );
  await harness.end();
  await harness.pass(5_000);
  assert.equal(harness.heard('wire').length, 2);
});

test('what odd lines are quoted with is bounded too', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { clientTransport } = harness.server;
  for (let line = 0; line < 1_000; line++) clientTransport.receive('\u0001'.repeat(1_000));
  await harness.settle();
  assert.equal(harness.heard('wire')[0]?.excerpt, '\u0001'.repeat(200));
  assert.equal(harness.heard('wire').length, 21);
  await harness.end();
});

test('why a server is not understood is told whatever it writes beside: the first five excerpts, and our own words (T044)', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const log = (data: string): void => harness.server.notify('notifications/message', { level: 'info', data });
  for (let message = 0; message < 5; message++) log('x'.repeat(8_192));
  for (let line = 0; line < 10; line++) harness.server.clientTransport.receive(`Usage: ${line}`);
  harness.server.clientTransport.receive('{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}');
  log('x');
  await harness.settle();
  assert.deepEqual(
    harness.heard('wire').map(({ excerpt }) => excerpt),
    // Before them and behind them: what was left out, and a message that is not understood.
    [undefined, ...Array.from({ length: 5 }, (_, line) => `Usage: ${line}`), undefined, undefined],
  );
  assert.equal(harness.heard('logMessage').length, 4, 'the share was used up');
  await harness.end();
});

test('stderr lines reach the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  harness.server.transport.peerHandlers?.onStderr(['one', 'two'], 3);
  await harness.settle();
  assert.deepEqual(harness.heard('stderr'), [{ lines: ['one', 'two'], dropped: 3 }]);
  await harness.end();
});
