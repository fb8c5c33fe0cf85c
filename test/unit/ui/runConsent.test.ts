/** A tool that a link, a key or another extension names: it is asked about like all else that waits, and nothing runs without a yes. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ItemKinds } from '../../../src/contributions/ids';
import { ConsentQueue, type ConsentEntry } from '../../../src/host/consentQueue';
import type { HostChange } from '../../../src/host/host';
import { approvalDetails, approvalRow } from '../../../src/presentation/approvalRows';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { askToRun } from '../../../src/ui/approvals/toolQuestion';
import { mayRun } from '../../../src/ui/calls/runConsent';
import { EventEmitter } from '../../support/editorValues';
import { FakeClock } from '../../support/fakeClock';
import { screen, type QuickInput } from '../../support/vscode';

beforeEach(() => screen.clear());

const TOOL = { kind: 'tool', serverId: 'user/notes', name: 'wipe' } as const;
const DEFINITION = {
  name: 'wipe',
  title: 'Wipe\u202e all',
  description: 'Deletes\nall notes',
  inputSchema: {},
};

class Naming {
  readonly clock = new FakeClock();
  readonly consent = new ConsentQueue(this.clock);
  readonly warnings: string[] = [];
  private readonly changes = new EventEmitter<HostChange>();
  private isRunning = true;
  private readonly ui = {
    host: {
      consent: this.consent,
      onDidChange: this.changes.event,
      server: () => (this.isRunning ? { state: { kind: 'running' } } : { state: { kind: 'stopped' } }),
    },
    settings: { samplingExpiryMs: 600_000 },
    log: { warn: (text: string) => this.warnings.push(text) },
  } as never;

  name(): Promise<boolean> {
    return mayRun(this.ui, TOOL, 'notes', DEFINITION);
  }

  get only(): ConsentEntry {
    const [entry] = this.consent.entries();
    assert.ok(entry);
    return entry;
  }

  /** Opens the question. */
  async look(): Promise<{ readonly input: QuickInput; readonly closed: Promise<void> }> {
    const closed = askToRun(this.only, new Decisions(this.ui), this.consent);
    await turn();
    const input = screen.inputs.at(-1);
    assert.ok(input);
    return { input, closed };
  }

  stop(): void {
    this.isRunning = false;
    this.changes.fire({ kind: 'state', serverId: TOOL.serverId });
  }

  change(): void {
    this.changes.fire({ kind: 'servers' });
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('it waits among the approvals, with its name and what its server says of it as text', async () => {
  const naming = new Naming();
  const runs = naming.name();
  const row = approvalRow(naming.only, naming.clock.wall());
  assert.equal(row.label, 'A tool of notes is to be run');
  assert.equal(row.context, ItemKinds.approvalTool);
  assert.equal(row.description, '10 min left');
  assert.match(row.tooltip().join('\n'), /not one of our views[^]*Nothing runs before you say so/);
  assert.deepEqual(
    approvalDetails(naming.only).map(({ label, description }) => [label, description]),
    [
      ['Tool', 'Wipe⟨U+202E⟩ all'],
      ['Description', 'Deletes all notes'],
    ],
  );
  naming.consent.decide(naming.only.id, { kind: 'allow-once' });
  assert.equal(await runs, true);
});

test('the question names tool and server; closing it decides nothing, and it can be opened again', async () => {
  const naming = new Naming();
  const runs = naming.name();
  const first = await naming.look();
  assert.equal(first.input.title, 'Run the tool "Wipe⟨U+202E⟩ all" of server "notes"?');
  first.input.escape();
  await first.closed;
  assert.equal(naming.consent.entries().length, 1);
  const second = await naming.look();
  second.input.accept('Run Tool');
  await second.closed;
  assert.equal(await runs, true);
  const again = naming.name();
  const third = await naming.look();
  third.input.accept("Don't Run");
  await third.closed;
  assert.equal(await again, false);
});

test('it ends with its server and by time, and what is shown of it goes with it', async () => {
  for (const end of ['stop', 'time'] as const) {
    const naming = new Naming();
    const runs = naming.name();
    const { closed } = await naming.look();
    naming.change();
    assert.equal(naming.consent.entries().length, 1, 'a change of something else');
    if (end === 'stop') naming.stop();
    else naming.clock.advance(600_000);
    assert.equal(await runs, false, end);
    await closed;
    assert.match(screen.messages.at(-1)?.text ?? '', /was not run: nothing waits for it any more/);
    assert.deepEqual([naming.consent.entries().length, naming.clock.waiting], [0, 0]);
    screen.clear();
  }
});

test('whoever names tools without end is not asked about', async () => {
  const naming = new Naming();
  const runs = Array.from({ length: 12 }, () => naming.name());
  assert.equal(naming.consent.entries().length, 10);
  assert.equal(naming.warnings.length, 2);
  for (const { id } of naming.consent.entries()) naming.consent.decide(id, { kind: 'deny' });
  assert.deepEqual(
    await Promise.all(runs),
    Array.from({ length: 12 }, () => false),
  );
});
