import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { EventTooLarge, SseParser } from '../../../../src/transport/http/sseParser';

interface Read {
  readonly events: readonly { readonly type: string; readonly data: string }[];
  readonly id: string | undefined;
  readonly retry: number | undefined;
}

function read(chunks: readonly Buffer[], maxBytes = 1_000_000): Read {
  const parser = new SseParser(maxBytes);
  const events = chunks.flatMap((chunk) =>
    [...parser.push(chunk)].map(({ type, data }) => ({ type, data: data.toString('utf8') })),
  );
  return { events, id: parser.lastEventId, retry: parser.retryMs };
}

const parse = (text: string): Read => read([Buffer.from(text)]);

test('events have a type, and data lines joined by line breaks', () => {
  assert.deepEqual(parse('data: one\n\nevent: endpoint\ndata:two\ndata: three\n\n').events, [
    { type: 'message', data: 'one' },
    { type: 'endpoint', data: 'two\nthree' },
  ]);
});

test('only one space after the colon goes, and a field without a colon has an empty value', () => {
  assert.deepEqual(parse('data:  two spaces\n\ndata\n\n').events, [
    { type: 'message', data: ' two spaces' },
    { type: 'message', data: '' },
  ]);
});

test('lines end with LF, CR or CRLF', () => {
  for (const end of ['\n', '\r', '\r\n'])
    assert.deepEqual(parse(`data: a${end}${end}data: b${end}${end}`).events, [
      { type: 'message', data: 'a' },
      { type: 'message', data: 'b' },
    ]);
});

test('comments, unknown fields and an event without its blank line are left out', () => {
  assert.deepEqual(parse(': hello\n\nfoo: bar\n\n:\ndata: a\n\ndata: cut').events, [
    { type: 'message', data: 'a' },
  ]);
});

test('an event that only gives the stream an id is told, and its id counts', () => {
  const { events, id, retry } = parse('id: 42\nretry: 500\ndata:\n\n');
  assert.deepEqual(events, [{ type: 'message', data: '' }]);
  assert.deepEqual([id, retry], ['42', 500]);
  assert.equal(parse('id: 42\n').id, undefined, 'not before its event is complete');
});

test('an id that no header could carry, and a wait that is no number, are ignored', () => {
  for (const id of ['a\0b', 'x'.repeat(1_025), 'tab\there', '\u007f'])
    assert.equal(parse(`id: ${id}\n\n`).id, undefined);
  for (const retry of ['-1', 'abc', '1e99', '', '1.5', '9'.repeat(20)])
    assert.equal(parse(`retry: ${retry}\n\n`).retry, undefined, retry);
});

test('a byte order mark at the start is no part of the first line, and one elsewhere is', () => {
  assert.deepEqual(parse('\uFEFFdata: a\n\n\uFEFFdata: b\n\n').events, [{ type: 'message', data: 'a' }]);
});

test('however the bytes are cut, the same is read', () => {
  const line = fc.oneof(
    fc.constantFrom('', '', 'data: ä 😀', 'data', ': comment', 'event: x', 'id: 7', 'retry: 9', 'other: x'),
    fc.string({ unit: 'grapheme' }),
  );
  const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')));
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 40 })), (lines, cuts) => {
      const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(''));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
      chunks.push(bytes.subarray(at));
      assert.deepEqual(read(chunks), read([bytes]));
    }),
  );
});

test('an event beyond the limit is refused, as one line or as many, and a comment never is', () => {
  const many = Array.from({ length: 200 }, () => Buffer.from('data: 0123456789\n'));
  assert.throws(() => read(many, 1_000), EventTooLarge);
  assert.throws(
    () => read([Buffer.from('data: '), ...Array.from({ length: 200 }, () => Buffer.alloc(10, 0x61))], 1_000),
    EventTooLarge,
  );
  const endless = [
    Buffer.from(':'),
    ...Array.from({ length: 1_000 }, () => Buffer.alloc(1_000, 0x61)),
    Buffer.from('\ndata: a\n\n'),
  ];
  assert.deepEqual(read(endless, 1_000).events, [{ type: 'message', data: 'a' }]);
});

test('what says nothing is bounded too, whatever it is made of, and what says something starts the count again (T064)', () => {
  for (const nothing of [':\n', '\n', 'unknown: x\n', 'id: 1\n\n', 'id: 1\n', 'event: x\n', 'retry: 5\n'])
    assert.throws(() => read([Buffer.from(nothing.repeat(600_000))]), EventTooLarge, JSON.stringify(nothing));
  const half = Buffer.from(':\n'.repeat(200_000));
  const { events } = read([half, Buffer.from('data: a\n\n'), half, Buffer.from('data: b\n\n'), half]);
  assert.equal(events.length, 2);
});
