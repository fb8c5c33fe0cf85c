import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { lineLimits } from '../../../src/transport/admission';
import { MessagePump } from '../../../src/transport/messagePump';

const limits = lineLimits(512 * 1_048_576);

/** A pump that records what it hands over, as text. */
function recording(onEach?: (pump: MessagePump) => void): {
  readonly pump: MessagePump;
  readonly seen: string[];
} {
  const seen: string[] = [];
  const take = (text: string): void => {
    seen.push(text);
    onEach?.(pump);
  };
  const pump: MessagePump = new MessagePump(limits, {
    onMessage: (message) => take(`message ${JSON.stringify(message)}`),
    onRefused: ({ bytes, detail }) => take(`refused ${bytes} ${detail}`),
    onNoise: ({ excerpt, bytes, reason }) => take(`noise ${bytes} ${reason} ${excerpt}`),
    onViolation: (detail) => take(`violation ${detail}`),
    onDrained: () => undefined,
  });
  return { pump, seen };
}

const message = fc.oneof(
  fc.record({ jsonrpc: fc.constant('2.0'), id: fc.oneof(fc.integer(), fc.string()), result: fc.jsonValue() }),
  fc.record({
    jsonrpc: fc.constant('2.0'),
    method: fc.string(),
    params: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({ jsonrpc: fc.constant('2.0'), id: fc.integer(), error: fc.jsonValue() }),
);
const line = fc.oneof(
  message.map((value) => JSON.stringify(value)),
  fc.array(message, { maxLength: 4 }).map((values) => JSON.stringify(values)),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\n', '')),
);
const transcript = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
  .map(([lines, end]) => Buffer.from(lines.map((text) => text + end).join('')));

test('any chunking of a transcript gives identical messages', () => {
  fc.assert(
    fc.property(transcript, fc.array(fc.integer({ min: 1, max: 40 })), (bytes, sizes) => {
      const whole = recording();
      whole.pump.push(bytes);
      const parts = recording();
      let at = 0;
      for (const size of sizes) {
        parts.pump.push(bytes.subarray(at, at + size));
        at += size;
      }
      parts.pump.push(bytes.subarray(at));
      assert.deepEqual(parts.seen, whole.seen);
    }),
    { numRuns: 400 },
  );
});

test('pausing after every message changes nothing but the pace', async () => {
  await fc.assert(
    fc.asyncProperty(transcript, async (bytes) => {
      const whole = recording();
      whole.pump.push(bytes);
      const slow = recording((pump) => pump.pause());
      slow.pump.push(bytes);
      while (slow.pump.hasBacklog) {
        const before = slow.seen.length;
        slow.pump.resume();
        await new Promise(setImmediate);
        assert.ok(slow.seen.length <= before + 1);
      }
      assert.deepEqual(slow.seen, whole.seen);
    }),
    { numRuns: 100 },
  );
});

const WHOLE = '{"jsonrpc":"2.0","method":"a"}';

for (const [what, written, atEnd, atClose] of [
  ['a message', WHOLE, `message ${WHOLE}`, `noise 30 a line without its end ${WHOLE}`],
  ['a batch', `[${WHOLE}]`, `message ${WHOLE}`, `noise 32 a line without its end [${WHOLE}]`],
  ['half a message', '{"jsonrpc":"2.0","me', 'noise 20 the output ended within a line ', undefined],
  [
    'other words',
    'Key: ',
    'noise 5 the output ended within a line Key: ',
    'noise 5 a line without its end Key: ',
  ],
  ['nothing', '', undefined, undefined],
] as const)
  test(`${what} without the end of its line counts when the output has ended, and tells when no more is read`, () => {
    for (const [how, told] of [
      ['end', atEnd],
      ['close', atClose],
    ] as const) {
      const { pump, seen } = recording();
      pump.push(Buffer.from(`${WHOLE}\n${written}`));
      pump[how]();
      pump[how]();
      assert.deepEqual(seen.slice(1), told === undefined ? [] : [told], how);
    }
  });

test('a handler that stops the pump gets nothing more', () => {
  const { pump, seen } = recording((one) => one.stop());
  pump.push(Buffer.from('{"jsonrpc":"2.0","method":"a"}\n{"jsonrpc":"2.0","method":"b"}\n'));
  pump.end();
  assert.equal(seen.length, 1);
  assert.equal(pump.hasBacklog, false);
});

test('a handler that throws loses its own message only', () => {
  let count = 0;
  const { pump, seen } = recording(() => {
    count += 1;
    if (count === 1) throw new Error('handler');
  });
  assert.throws(() => pump.push(Buffer.from('[1]\n[2]\n')), /handler/);
  pump.push(Buffer.from('[3]\n'));
  assert.equal(seen.length, 3);
});

test('a batch larger than a request may be brings answers only', () => {
  const seen: unknown[] = [];
  const small = { ...limits, unasked: 1_000 };
  const pump = new MessagePump(small, {
    onMessage: (message) => seen.push(message),
    onRefused: ({ subject, bytes, detail }) => seen.push([subject, bytes > 1_000, detail]),
    onNoise: ({ subject, reason }) => seen.push([subject, reason]),
    onViolation: () => undefined,
    onDrained: () => undefined,
  });
  const answer = { jsonrpc: '2.0', id: 1, result: 'x'.repeat(900) };
  const items = [
    answer,
    { jsonrpc: '2.0', id: 'r', method: 'm' },
    { jsonrpc: '2.0', method: 'm' },
    { jsonrpc: '2.0', id: 2, result: {}, method: null },
    { jsonrpc: '2.0', id: 3 },
    5,
  ];
  pump.push(Buffer.from(`${JSON.stringify(items)}\n`));
  const detail = 'requests and notifications may have 0 MB';
  assert.deepEqual(seen.splice(0), [
    answer,
    [{ kind: 'request', id: 'r' }, true, detail],
    [undefined, true, detail],
    { jsonrpc: '2.0', id: 2, result: {} },
    [{ kind: 'answer', id: 3 }, 'neither method, result nor error'],
    [undefined, 'not a JSON object'],
  ]);
  pump.push(Buffer.from(`${JSON.stringify(items.slice(1))}\n`));
  assert.equal(seen.filter((one) => !Array.isArray(one)).length, 3, 'in a smaller one they are messages');
});

test('an excerpt has at most 200 characters', () => {
  const { pump, seen } = recording();
  pump.push(Buffer.from(`{${'é'.repeat(5_000)}\n`));
  assert.equal(seen[0], `noise 10001 not valid JSON {${'é'.repeat(199)}`);
});

test('a request above the bound is refused before all of it was there, and the next message is taken', () => {
  const { pump, seen } = recording();
  const text = 'x'.repeat(limits.unasked);
  const line = `{"method":"m","params":{"text":"${text}"},"jsonrpc":"2.0","id":1}`;
  for (let at = 0; at < line.length; at += 65_536) pump.push(Buffer.from(line.slice(at, at + 65_536)));
  pump.push(Buffer.from('\n{"jsonrpc":"2.0","method":"n"}\n'));
  assert.deepEqual(seen, [
    `refused ${line.length} requests and notifications may have 8 MB`,
    'message {"jsonrpc":"2.0","method":"n"}',
  ]);
});
