/** A tool without arguments that something else than our views names: the one kind of call that nothing would be asked for. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ConsentQueue } from '../../../src/host/consentQueue';
import type { HostChange } from '../../../src/host/host';
import { ToolFlow } from '../../../src/ui/calls/toolFlow';
import { ownObject } from '../../../src/ui/ownObjects';
import { EventEmitter } from '../../support/editorValues';
import { FakeClock } from '../../support/fakeClock';
import { screen } from '../../support/vscode';

beforeEach(() => screen.clear());

const TOOL = { kind: 'tool', serverId: 'user/notes', name: 'wipe' } as const;

/** A server with one tool, and what was run of it. */
class Calling {
  readonly consent = new ConsentQueue(new FakeClock());
  readonly ran: unknown[] = [];
  private readonly changes = new EventEmitter<HostChange>();
  private readonly server = {
    id: TOOL.serverId,
    definition: { name: 'notes' },
    state: { kind: 'running' },
    catalog: { items: () => [{ name: TOOL.name }] },
  };
  private readonly ui = {
    host: {
      consent: this.consent,
      onDidChange: this.changes.event,
      server: () => this.server,
      describeTool: () => Promise.resolve({ name: TOOL.name, inputSchema: { type: 'object' } }),
      recentArguments: { get: () => undefined },
    },
    settings: { samplingExpiryMs: 600_000 },
    log: { warn: () => undefined },
  };
  private readonly runner = {
    isUnchanged: () => Promise.resolve(true),
    run: (call: unknown) => {
      this.ran.push(call);
      return Promise.resolve();
    },
  };

  call(argument: object): Promise<void> {
    const validator = { validate: () => Promise.resolve({ kind: 'valid' }) };
    const recent = { among: () => [], add: () => undefined };
    const none = undefined as never;
    return new ToolFlow(
      this.ui as never,
      validator as never,
      this.runner as never,
      recent as never,
      none,
    ).start(argument);
  }
}

for (const decision of ['allow-once', 'deny'] as const)
  test(`a tool that a key names waits for a yes, and is ${decision === 'deny' ? 'not run' : 'run'} after ${decision}`, async () => {
    const calling = new Calling();
    const over = calling.call({ ...TOOL });
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(calling.ran.length, 0);
    const [entry] = calling.consent.entries();
    assert.equal(entry?.subject.kind, 'tool');
    calling.consent.decide(entry.id, { kind: decision });
    await over;
    assert.equal(calling.ran.length, decision === 'deny' ? 0 : 1);
  });

test('a row of ours is a yes', async () => {
  const calling = new Calling();
  await calling.call(ownObject({ ...TOOL }));
  assert.deepEqual([calling.consent.entries().length, calling.ran.length], [0, 1]);
});
