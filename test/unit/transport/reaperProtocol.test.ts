import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ProtocolLines, readReaperCommand, readReaperReport } from '../../../src/transport/reaperProtocol';

const NO_PIDS = [-5, 0, 1, 1.5, '5', null];

test('the reaper takes only well-formed commands about real pids', () => {
  for (const command of [
    { op: 'watch', token: 't' },
    { op: 'watch', token: 't', leader: { pid: 5 } },
    { op: 'watch', token: 't', leader: { pid: 5, started: 'then' } },
    { op: 'unwatch', token: 't' },
  ])
    assert.deepEqual(readReaperCommand(JSON.stringify(command)), command);
  for (const line of [
    '',
    '{',
    '[]',
    'null',
    '{"op":"kill","token":"t"}',
    '{"op":"watch"}',
    '{"op":"watch","token":5}',
  ])
    assert.equal(readReaperCommand(line), undefined, line);
  for (const leader of [...NO_PIDS.map((pid) => ({ pid })), {}, [], 5, null])
    assert.equal(
      readReaperCommand(JSON.stringify({ op: 'watch', token: 't', leader })),
      undefined,
      JSON.stringify(leader),
    );
});

test('the host takes only well-formed reports about real pids', () => {
  for (const report of [
    { op: 'started', token: 't', leader: { pid: 5, started: 'then' } },
    { op: 'over', token: 't' },
  ])
    assert.deepEqual(readReaperReport(JSON.stringify(report)), report);
  for (const line of ['', '{"op":"over"}', '{"op":"watch","token":"t"}', '{"op":"started","token":"t"}'])
    assert.equal(readReaperReport(line), undefined, line);
  for (const leader of [
    ...NO_PIDS.map((pid) => ({ pid, started: 'then' })),
    { pid: 5 },
    { pid: 5, started: 5 },
  ])
    assert.equal(readReaperReport(JSON.stringify({ op: 'started', token: 't', leader })), undefined);
});

test('lines are whole whatever pieces they come in, and one that was cut off is none', () => {
  const lines = new ProtocolLines();
  assert.deepEqual(
    ['a', 'b\nc', '\n\nd\ne', 'f'].flatMap((piece) => lines.push(piece)),
    ['ab', 'c', '', 'd'],
  );
});
