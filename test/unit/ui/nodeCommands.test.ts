import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Commands } from '../../../src/contributions/ids';
import { ApprovalTarget } from '../../../src/ui/approvals/decisions';
import { commandOf } from '../../../src/ui/servers/nodeCommands';
import type { ServerTreeNode } from '../../../src/ui/servers/nodes';

const NOTE: ServerTreeNode = { kind: 'note', serverId: 'user/one', row: 'note' };

function commandIn(server: object, node: ServerTreeNode = NOTE): ReturnType<typeof commandOf> {
  const entries = [
    { id: 6, serverId: 'user/other', subject: { kind: 'sign-in' } },
    { id: 7, serverId: 'user/one', subject: { kind: 'sign-in' } },
  ];
  return commandOf({ server: () => server, consent: { entries: () => entries } } as never, node);
}

test('a click on what somebody has to do for a sign-in does it', () => {
  const running = { kind: 'running' };
  const decide = commandIn({ state: running, awaitedSignIn: 'answer' });
  assert.equal(decide?.command, Commands.reviewRequest);
  assert.deepEqual(decide.arguments, [new ApprovalTarget(7)]);
  assert.equal(commandIn({ state: running, awaitedSignIn: 'browser' })?.command, Commands.pasteCallback);
});

test('a click on what sampling costs shows the usage', () => {
  const node: ServerTreeNode = { kind: 'usage', serverId: 'user/one' };
  assert.equal(commandIn({ state: { kind: 'running' } }, node)?.command, Commands.showUsage);
});

test('a click on what went wrong shows the log, and one on any other note only selects it', () => {
  assert.equal(commandIn({ state: { kind: 'failed' } })?.command, Commands.showLog);
  const running = { state: { kind: 'running' } };
  assert.equal(commandIn(running), undefined);
  assert.equal(commandIn({ ...running, awaitedSignIn: 'answer' }, { ...NOTE, list: 'tools' }), undefined);
});
