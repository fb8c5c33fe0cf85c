import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LineLimits } from '../../../src/transport/admission';
import { timed } from '../../support/measures/timed';
import { keptAlive } from '../../support/processProbes';
import { evilLaunch, MIB, open } from './harness';

const limits: LineLimits = { unchecked: MIB, line: 128 * MIB, unasked: 8 * MIB, heap: 128 * MIB };
const small: LineLimits = { ...limits, line: 16 * MIB };

function residentBytes(): number {
  return process.memoryUsage.rss();
}

test('a line without an end is cut at the cap and its server killed at once', () =>
  keptAlive(async () => {
    const before = residentBytes();
    const { transport, recorder, processes } = await open(evilLaunch('endless'), { limits: small });
    let ms = 0;
    ms = await timed(() => recorder.whenClosed);
    ms += await timed(() => transport.close());
    assert.deepEqual(recorder.closes, [
      { kind: 'violation', detail: `wrote a line of more than ${small.line / MIB} MB without an end` },
    ]);
    // A safety bound: without the cap it would go on until memory ends.
    assert.ok(ms < 2_000, `took ${ms} ms`);
    assert.deepEqual(await processes(), []);
    assert.ok(residentBytes() - before < 4 * small.line, 'memory stays near the cap');
  }));

test('endless text that is no message is not collected', () =>
  keptAlive(async () => {
    const before = residentBytes();
    const { recorder } = await open(evilLaunch('endless', 'text'), {
      limits: { ...limits, line: 512 * MIB },
    });
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, residentBytes())), 5);
    await recorder.whenClosed;
    clearInterval(timer);
    assert.equal(recorder.closes[0]?.kind, 'violation');
    assert.ok(highest - before < 128 * MIB, `grew by ${(highest - before) / MIB} MiB`);
  }));

test('a pause holds at once, fills the pipe, bounds memory, and loses nothing', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('flood'));
    await recorder.until(() => recorder.messages.length >= 1_000);
    recorder.onEach = () => transport.pause();
    await recorder.until(() => recorder.messages.length >= 1_001);
    recorder.onEach = undefined;
    transport.pause();
    const held = recorder.messages.length;
    const before = residentBytes();
    // The server would write gigabytes in this time.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(recorder.messages.length, held);
    assert.ok(residentBytes() - before < 32 * MIB);
    recorder.onEach = () => transport.pause();
    for (let step = 1; step <= 5; step += 1) {
      transport.resume();
      await recorder.until(() => recorder.messages.length > held + step - 1);
      assert.equal(recorder.messages.length, held + step, 'one message per resume');
    }
    recorder.onEach = undefined;
    transport.resume();
    await recorder.until(() => recorder.messages.length > held + 10_000);
    assert.equal(recorder.noise.length, 0);
    await transport.close();
  }));

test('64 MB of text arrive in time linear in their size', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('text', '64'), { limits });
    const ms = await timed(() => recorder.until(() => recorder.messages.length > 0));
    const [message] = recorder.messages;
    assert.ok(message && 'result' in message);
    assert.equal(JSON.stringify(message.result).length > 64 * MIB, true);
    assert.ok(ms < 5_000, `took ${ms} ms`);
    await transport.close();
  }));

test('a line too dense to parse is refused with the id of its call, and the connection lives', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('dense', '100'), { limits });
    await recorder.method('ready');
    assert.deepEqual(recorder.refused, [
      {
        subject: { kind: 'answer', id: 7 },
        bytes: 9_000_037,
        detail: 'it holds more values than fit in memory',
      },
    ]);
    await transport.close();
  }));

for (const [levels, size] of [
  [1_000, 'small'],
  [2_000_000, 'large'],
] as const)
  test(`a ${size} line of ${levels} levels is refused with the id of its call`, () =>
    keptAlive(async () => {
      const { transport, recorder } = await open(evilLaunch('deep', String(levels)), { limits });
      await recorder.method('ready');
      assert.deepEqual(
        recorder.refused.map(({ subject, detail }) => [subject, detail]),
        [[{ kind: 'answer', id: 7 }, 'it is nested more than 200 levels deep']],
      );
      await transport.close();
    }));

test('noise on stdout is reported line by line and the next message works', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('noise'));
    await recorder.method('ready');
    assert.deepEqual(
      recorder.noise.map(({ excerpt, reason }) => [excerpt, reason]),
      [
        ['Server started on stdio', 'not JSON'],
        ['\u001b[32mgreen\u001b[0m', 'not JSON'],
        ['{"not":"rpc"}', 'no "jsonrpc": "2.0"'],
        ['[]', 'an empty batch'],
        ['null', 'not JSON'],
        ['1', 'not JSON'],
        ['   ', 'not JSON'],
        ['{"broken":', 'not valid JSON'],
        ['[INFO] listening', 'not valid JSON'],
      ],
    );
    await recorder.whenClosed;
  }));

test('200 MB of prose cost little memory', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('prose', '2080'));
    recorder.noise.push = () => 0;
    const before = residentBytes();
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, residentBytes())), 5);
    await recorder.method('ready');
    clearInterval(timer);
    assert.ok(highest - before < 64 * MIB, `grew by ${(highest - before) / MIB} MiB`);
    await recorder.whenClosed;
  }));

for (const mode of ['bom', 'crlf'])
  test(`two messages with ${mode} arrive without noise`, () =>
    keptAlive(async () => {
      const { recorder } = await open(evilLaunch(mode));
      await recorder.whenClosed;
      assert.deepEqual(recorder.messages, [
        { jsonrpc: '2.0', method: 'ready' },
        { jsonrpc: '2.0', method: 'ready' },
      ]);
      assert.deepEqual(recorder.noise, []);
    }));

for (const mark of ['bom', 'bare'])
  test(`UTF-16 (${mark}) ends the connection with a reason that says so`, () =>
    keptAlive(async () => {
      const { transport, recorder, processes } = await open(evilLaunch('utf16', mark));
      const close = await recorder.whenClosed;
      assert.ok(close.kind === 'violation' && close.detail.startsWith('writes UTF-16'));
      await transport.close();
      assert.deepEqual(await processes(), []);
    }));

test('a message sent byte by byte arrives whole', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('bytewise'));
    await recorder.whenClosed;
    assert.deepEqual(recorder.messages, [{ jsonrpc: '2.0', method: 'ready', params: { text: 'é😀\u2028' } }]);
  }));

test('a thousand messages in one write arrive in order', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('thousand'));
    await recorder.whenClosed;
    assert.deepEqual(
      recorder.messages.map((message) => ('params' in message ? message.params?.['index'] : undefined)),
      Array.from({ length: 1_000 }, (_, index) => index),
    );
  }));

test('a batch is unpacked, and a pause holds within it', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('batch'));
    recorder.onEach = () => transport.pause();
    await recorder.until(() => recorder.messages.length === 1);
    recorder.onEach = undefined;
    transport.resume();
    await recorder.method('ready');
    assert.equal(recorder.messages.length, 100);
    await recorder.whenClosed;
  }));

test('invalid UTF-8 is read with replacement characters', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('invalidUtf8'));
    await recorder.method('ready');
    assert.deepEqual(recorder.messages[0], {
      jsonrpc: '2.0',
      id: 1,
      result: { text: '\ufffd\ufffd \ufffd\ufffd \ufffd' },
    });
    await recorder.whenClosed;
  }));

test('all messages of a turn leave in order and come back', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('echo'));
    for (let id = 1; id <= 500; id += 1)
      transport.send({ jsonrpc: '2.0', id, method: 'x', params: { text: 'é\n😀' } });
    await recorder.until(() => recorder.messages.length === 501);
    assert.deepEqual(recorder.messages[500], {
      jsonrpc: '2.0',
      id: 500,
      result: { method: 'x', params: { text: 'é\n😀' } },
    });
    await transport.close();
  }));

test('1 GB of stderr is drained at a bounded rate of reports while the server goes on answering', () =>
  keptAlive(async () => {
    const before = residentBytes();
    const { transport, recorder } = await open(evilLaunch('stderrFlood', '1000'));
    let ms = 0;
    ms = await timed(() => recorder.method('ready'));
    await recorder.until(() => recorder.dropped + recorder.stderr.length === 10_000_000);
    assert.ok(
      recorder.stderr.length <= 200 * (ms / 1_000 + 2),
      `${recorder.stderr.length} lines in ${ms} ms`,
    );
    assert.ok(residentBytes() - before < 64 * MIB);
    transport.send({ jsonrpc: '2.0', id: 1, method: 'x' });
    await recorder.until(() => recorder.messages.some((message) => 'id' in message));
    await transport.close();
  }));

test('stderr is drained while what is on stdout has to wait', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('stderrFlood', '10'));
    transport.pause();
    await recorder.until(() => recorder.dropped + recorder.stderr.length === 100_000);
    assert.deepEqual(recorder.messages, []);
    transport.resume();
    await recorder.method('ready');
    await transport.close();
  }));

test('a 50 MB line of stderr is cut, and the next one is whole', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('stderrLine', '50'));
    await recorder.until(() => recorder.stderr.length === 2);
    assert.deepEqual(
      recorder.stderr.map((line) => line.length),
      [8_193, 9],
    );
    await transport.close();
  }));
