/** What is said when there is nothing to pick: not that no server offers anything while that is not known. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import type { ListState } from '../../../src/host/catalog';
import type { HostChange } from '../../../src/host/host';
import type { ListKind } from '../../../src/protocol/model';
import { PromptFlow } from '../../../src/ui/prompts/promptFlow';
import { pickResource } from '../../../src/ui/resources/resourcePicker';
import { openSkill } from '../../../src/ui/resources/skills';
import { ToolFlow } from '../../../src/ui/calls/toolFlow';
import { EventEmitter } from '../../support/editorValues';
import { screen } from '../../support/vscode';

beforeEach(() => screen.clear());

const LOADING: ListState = { kind: 'loading' };
const FAILED: ListState = { kind: 'failed', failure: { code: 'timeout', ms: 1_000, limit: 'idle' } };
const ITEM = { name: 'one', uri: 'a:one', uriTemplate: 'a:{one}', arguments: [] };

/** One running server, all lists of which stand alike. */
class Offering {
  readonly refreshed: (readonly [string, ListKind])[] = [];
  private readonly changes = new EventEmitter<HostChange>();
  /** What was looked at, and may be read again for that. */
  readonly wanted: ListKind[] = [];
  private readonly catalog = {
    list: () => this.state,
    items: () => this.items,
    want: (kind: ListKind) => this.wanted.push(kind),
  };
  private readonly server = {
    id: 'user/one',
    definition: { name: 'one' },
    state: { kind: 'running', server: { capabilities: { resources: {} } } },
    catalog: this.catalog,
  };
  private items: readonly object[] = [];
  private readonly host = {
    servers: () => [this.server],
    server: () => this.server,
    offered: () => this.items.map((item) => ({ server: this.server, item })),
    onDidChange: this.changes.event,
    refresh: (id: string, kind: ListKind) => {
      this.refreshed.push([id, kind]);
      this.become(LOADING);
      return Promise.resolve();
    },
  };

  constructor(private state: ListState) {}

  become(state: ListState, items: readonly object[] = []): void {
    this.state = state;
    this.items = items;
    this.changes.fire({ kind: 'state', serverId: 'user/one' });
  }

  readAs(...items: readonly object[]): void {
    this.become({ kind: 'ready', listing: { kind: 'tools', items: [], rejected: [] }, hidden: 0 }, items);
  }

  /** Runs a command from the palette. */
  run(what: keyof typeof NONE | 'resource'): Promise<unknown> {
    const ui = { host: this.host } as never;
    const none = undefined as never;
    const files = { onDidCloseTab: () => none } as never;
    if (what === 'tool')
      return new ToolFlow(ui, none, none, { among: () => [] } as never, none).start(undefined);
    if (what === 'prompt') return new PromptFlow(ui, files).start(undefined);
    return what === 'skill' ? openSkill(ui, none, undefined) : pickResource(this.host as never);
  }
}

const NONE = {
  tool: 'No running server offers a tool.',
  prompt: 'No running server offers a prompt.',
  skill: 'No running server offers skills.',
} as const;
const COMMANDS = Object.keys(NONE) as (keyof typeof NONE)[];

async function shown<T>(list: readonly T[]): Promise<T> {
  const end = performance.now() + 5_000;
  while (list.length === 0 && performance.now() < end)
    await new Promise<void>((resolve) => setImmediate(resolve));
  const last = list.at(-1);
  assert.ok(last, 'nothing was shown');
  return last;
}

for (const command of COMMANDS) {
  test(`a ${command} is picked once the lists are read, and nothing is said meanwhile`, async () => {
    const offering = new Offering(LOADING);
    const run = offering.run(command);
    const { title } = await shown(screen.progress);
    assert.equal(title, 'Reading what the servers offer');
    offering.readAs(ITEM);
    const pick = await shown(screen.inputs);
    assert.ok(pick.items.some(({ label }) => label.includes('one')));
    assert.deepEqual(screen.messages, []);
    assert.ok(offering.wanted.length > 0, 'what its server may have changed is read again');
    pick.escape();
    await run;
  });

  test(`that no server offers a ${command} is said once it is known`, async () => {
    const offering = new Offering(LOADING);
    const run = offering.run(command);
    offering.readAs();
    await run;
    assert.deepEqual(
      screen.messages.map(({ text }) => text),
      [NONE[command]],
    );
  });
}

test('whoever cancels the waiting is told nothing and asked nothing', async () => {
  const run = new Offering(LOADING).run('tool');
  (await shown(screen.progress)).cancel();
  await run;
  assert.deepEqual([screen.messages.length, screen.inputs.length, screen.progress.length], [0, 0, 0]);
});

test('a list that could not be read is told with its server, and read again when the person wants that', async () => {
  const offering = new Offering(FAILED);
  const run = offering.run('tool');
  const message = await shown(screen.messages);
  assert.match(message.text, /^What "one" offers could not be read\. No answer in 1 s/);
  assert.deepEqual(message.buttons, ['Try Again']);
  message.press('Try Again');
  await shown(offering.refreshed);
  assert.deepEqual(offering.refreshed, [['user/one', 'tools']]);
  offering.readAs(ITEM);
  (await shown(screen.inputs)).escape();
  await run;
});

test('resources are waited for, an address can be entered without, and where they cannot be read that is said', async () => {
  const offering = new Offering(LOADING);
  const waiting = offering.run('resource');
  (await shown(screen.progress)).cancel();
  (await shown(screen.inputs)).escape();
  await waiting;
  assert.deepEqual(labels(), ['one', 'Enter a URI…']);
  screen.clear();

  const reading = offering.run('resource');
  offering.readAs(ITEM);
  (await shown(screen.inputs)).escape();
  await reading;
  assert.equal(labels().length, 4);
  screen.clear();

  offering.become(FAILED);
  const failed = offering.run('resource');
  const pick = await shown(screen.inputs);
  assert.match(JSON.stringify(pick.items[1]), /Not all that it lists could be read\. No answer in 1 s/);
  pick.escape();
  await failed;
});

function labels(): readonly string[] {
  return screen.inputs.at(-1)?.items.map(({ label }) => label) ?? [];
}
