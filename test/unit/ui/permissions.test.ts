/** The Permissions view and its commands: what is listed, and what is taken back by whom. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import type { SamplingGrant } from '../../../src/policy/samplingGrants';
import { ownObject } from '../../../src/ui/ownObjects';
import { revokeAllPermissions, revokePermission } from '../../../src/ui/permissions/revoke';
import { screen } from '../../support/vscode';
import { grant } from '../policy/grants';

/** A host with these rules and one approved server. */
class Desk {
  readonly taken: string[] = [];
  private readonly rules: SamplingGrant[];
  readonly ui: never;

  constructor(rules: readonly SamplingGrant[] = [grant({ id: 'a' }), grant({ id: 'b' })], approved = true) {
    this.rules = [...rules];
    const servers = approved ? [{ id: 'workspace/x', definition: { name: 'x' } }] : [];
    const take = (id: string): Promise<void> => {
      this.taken.push(id);
      this.rules.splice(0, this.rules.length, ...this.rules.filter((rule) => rule.id !== id));
      return Promise.resolve();
    };
    const permissions = {
      grants: {
        list: () => this.rules,
        isHere: () => true,
        revoke: take,
        revokeAll: async () => {
          for (const { id } of [...this.rules]) await take(id);
        },
      },
      approvedServers: () => servers,
    };
    this.ui = {
      host: {
        permissions,
        revokeApproval: (id: string) => {
          servers.length = 0;
          this.taken.push(id);
          return Promise.resolve();
        },
      },
      log: { warn: () => undefined },
    } as never;
  }
}

beforeEach(() => screen.clear());

test('the permission of a row is taken back at once', async () => {
  const desk = new Desk();
  await revokePermission(desk.ui, ownObject({ kind: 'sampling', grantId: 'b', serverId: 'user/one' }));
  await revokePermission(desk.ui, ownObject({ kind: 'launch', serverId: 'workspace/x' }));
  assert.deepEqual(desk.taken, ['b', 'workspace/x']);
});

test('an argument that is no row of ours takes nothing back', async () => {
  const desk = new Desk();
  const forged = { kind: 'sampling', grantId: 'b', serverId: 'user/one' };
  for (const argument of [forged, 'b', null, [forged], ownObject({ kind: 'server', serverId: 'x' })])
    await revokePermission(desk.ui, argument);
  assert.deepEqual(desk.taken, []);
});

test('from the palette the person picks one', async () => {
  const desk = new Desk();
  await revokePermission(desk.ui, undefined);
  assert.deepEqual(desk.taken, ['workspace/x'], 'the first row');
});

test('all are taken back only after a modal question', async () => {
  for (const [answer, taken] of [
    [undefined, []],
    ['Revoke All', ['a', 'b', 'workspace/x']],
  ] as const) {
    screen.clear();
    const desk = new Desk();
    const done = revokeAllPermissions(desk.ui);
    const [question] = screen.messages;
    assert.match(question?.detail ?? '', /in other workspaces too/);
    assert.deepEqual(question?.buttons, ['Revoke All']);
    question?.press(answer);
    await done;
    assert.deepEqual(desk.taken, taken);
  }
});

test('where there is nothing to revoke, that is said', async () => {
  const desk = new Desk([], false);
  await revokePermission(desk.ui, undefined);
  await revokeAllPermissions(desk.ui);
  assert.deepEqual(
    screen.messages.map(({ text }) => text),
    Array<string>(2).fill('There is no permission to revoke.'),
  );
});
