import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LineSplitter, type SplitLine } from '../../../src/transport/lineSplitter';
import { beginsUnasked, unaskedSubject } from '../../../src/transport/unaskedLine';

const FILLER = 'x'.repeat(5_000);

/** What comes of a line that is given in pieces, when requests and notifications may have 2,000 bytes. */
function read(line: string, pieceLength = 700): SplitLine | undefined {
  const splitter = new LineSplitter(1_000_000, 2_000);
  const bytes = Buffer.from(`${line}\n`);
  let found: SplitLine | undefined;
  for (let at = 0; at < bytes.length; at += pieceLength) {
    splitter.push(bytes.subarray(at, at + pieceLength));
    found ??= splitter.next();
  }
  return found;
}

const subjectOf = (line: string, pieceLength?: number): unknown => {
  const found = read(line, pieceLength);
  assert.ok(found?.kind === 'unasked', JSON.stringify(found?.kind));
  assert.equal(found.length, Buffer.byteLength(line));
  return unaskedSubject(found.head, found.tail);
};

test('a request that is too large is not collected, and its id is found where writers put it', () => {
  for (const pieceLength of [10, 700]) {
    const first = `{"jsonrpc":"2.0","id":"a","method":"m","params":{"id":1,"text":"${FILLER}"}}`;
    const last = `{"method":"m","params":{"id":1,"text":"${FILLER}"},"jsonrpc":"2.0","id":7}`;
    assert.deepEqual(subjectOf(first, pieceLength), { kind: 'request', id: 'a' });
    assert.deepEqual(subjectOf(last, pieceLength), { kind: 'request', id: 7 });
  }
});

test('a notification that is too large has no id, whatever its params hold', () => {
  const line = `{"jsonrpc":"2.0","method":"m","params":{"text":"${FILLER}","id":7}}`;
  for (const pieceLength of [1, 10, 1_100]) assert.equal(subjectOf(line, pieceLength), undefined);
});

test('the line behind one that was not collected is read', () => {
  const splitter = new LineSplitter(1_000_000, 2_000);
  const kinds: string[] = [];
  for (const piece of ['{"method":"m","params":"', FILLER, FILLER, '"}\n{"id":1}\n', '{"method":"n"}\n']) {
    splitter.push(Buffer.from(piece));
    for (let line = splitter.next(); line; line = splitter.next())
      kinds.push(line.kind === 'line' ? line.bytes.toString() : line.kind);
  }
  assert.deepEqual(kinds, ['unasked', '{"id":1}', '{"method":"n"}']);
});

test('an unasked line without an end is still a violation', () => {
  const splitter = new LineSplitter(10_000, 2_000);
  splitter.push(Buffer.from('{"method":"m","params":"'));
  let found: SplitLine | undefined;
  for (let i = 0; i < 4 && !found; i++) {
    splitter.push(Buffer.from(FILLER));
    found = splitter.next();
  }
  assert.equal(found?.kind, 'violation');
});

test('answers, and what may be one, are collected whole', () => {
  for (const begin of [
    '{"jsonrpc":"2.0","id":1,"result":{"method":"m","text":"',
    '{"jsonrpc":"2.0","method":null,"id":1,"result":{"text":"',
    '{"result":{"text":"',
  ])
    assert.equal(read(`${begin}${FILLER}"}}`)?.kind, 'line', begin);
});

test('only what an envelope has may stand before the method', () => {
  const begins = (text: string): boolean => beginsUnasked(Buffer.from(text));
  assert.equal(begins(' { "jsonrpc" : "2.0" , "id" : -5 , "method" : "m"'), true);
  for (const text of [
    '{"x":1,"method":"m"',
    '[{"method":"m"',
    '{"method":5',
    '{"params":{},"method":"m"',
    '',
  ])
    assert.equal(begins(text), false, text);
});
