/** Several servers that ask for everything there is, and whatever happens meanwhile, in any order: each question settles once, and nobody waits for ever. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { ConsentEntry, ConsentSubject, PersonDecision } from '../../../src/host/consentQueue';
import { everyday, HostHarness, type Start } from '../../support/hostHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { PARAMS } from './asking';

const NAMES = ['one', 'two'] as const;
const PAGE = { mode: 'url', message: 'm', url: 'https://a.example/', elicitationId: 'e1' };
/** What a server asks by itself, and how. */
const ASKS = {
  sampling: ['sampling/createMessage', PARAMS],
  form: ['elicitation/create', { message: 'm', requestedSchema: { type: 'object', properties: {} } }],
  page: ['elicitation/create', PAGE],
  folders: ['roots/list', {}],
} as const;

type Action =
  | { readonly kind: 'ask'; readonly server: number; readonly what: keyof typeof ASKS }
  /** `needy` calls a tool that wants a page opened first. */
  | { readonly kind: 'call' | 'needy' | 'cancel' | 'crash' | 'restart' | 'done'; readonly server: number }
  | { readonly kind: 'decide'; readonly which: number; readonly says: 'yes' | 'no' | 'neither' }
  | { readonly kind: 'edit' | 'late' }
  | { readonly kind: 'pass'; readonly ms: number };

const server = fc.integer({ min: 0, max: NAMES.length - 1 });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      server,
      what: fc.constantFrom<(keyof typeof ASKS)[]>('sampling', 'form', 'page', 'folders'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      which: fc.integer({ min: 0, max: 4 }),
      says: fc.constantFrom<('yes' | 'no' | 'neither')[]>('yes', 'yes', 'no', 'neither'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('call' as const, 'needy' as const), server }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'crash' as const, 'restart' as const, 'done' as const),
      server,
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'edit' as const }, { kind: 'late' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1_000, 60_000, 700_000),
    }),
  },
);

/** What each kind of question takes for a yes. */
function yesTo(subject: ConsentSubject): PersonDecision {
  if (subject.kind === 'roots') return { kind: 'share', uris: subject.folders.map(({ uri }) => uri) };
  if (subject.kind === 'elicitation' && subject.request.mode === 'form')
    return { kind: 'submit', content: {} };
  return { kind: 'allow-once' };
}

/** Kinds of questions that some run asked. */
const met = new Set<string>();

/** A host under test, and what was seen of its questions. */
class Run {
  /** What waits, with the start of the server that asked. */
  private readonly waiting = new Map<
    number,
    { readonly entry: ConsentEntry; readonly start?: Start | undefined }
  >();
  private readonly settled = new Map<number, ConsentEntry>();
  private readonly replies: { readonly start: Start; count: number }[] = [];
  private readonly calls: { ended: boolean }[] = [];
  private edits = 0;

  private constructor(readonly harness: HostHarness) {
    harness.host.consent.onDidChange((change) => {
      const { id, subject } = change.entry;
      if (change.kind === 'added') {
        assert.ok(!this.waiting.has(id) && !this.settled.has(id), 'a question is new');
        const start = harness.startsOf(change.entry.serverName).at(-1);
        this.waiting.set(id, { entry: change.entry, start });
        met.add(subject.kind === 'elicitation' ? subject.request.mode : subject.kind);
        return;
      }
      assert.ok(this.waiting.delete(id), 'only what waits is settled, and once');
      this.settled.set(id, change.entry);
      assert.ok(!harness.host.consent.decide(id, yesTo(subject)), 'a click in the moment of the end is late');
    });
  }

  static async open(): Promise<Run> {
    const harness = new HostHarness();
    for (const name of NAMES) {
      const asked = new Set<unknown>();
      harness.answers.set(
        name,
        everyday({
          'tools/call': ({ name: called, arguments: given }) => {
            const key = JSON.stringify(given);
            if (called !== 'wipe' || asked.has(key)) return undefined;
            asked.add(key);
            throw new ScriptedError(-32042, 'x', { elicitations: [PAGE] });
          },
        }),
      );
    }
    const run = new Run(harness);
    harness.world.samplingReviewAnswers = true;
    harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
    harness.host.open();
    await harness.settle();
    // Without a call of the person's no server may ask for anything but folders.
    for (const index of NAMES.keys()) await run.act({ kind: 'call', server: index });
    return run;
  }

  async act(one: Action): Promise<void> {
    const { harness } = this;
    const { host } = harness;
    switch (one.kind) {
      case 'ask':
        this.ask(one.server, one.what);
        break;
      case 'call':
      case 'needy':
        this.call(one.server, one.kind === 'needy' ? 'wipe' : 'echo');
        break;
      case 'cancel':
        for (const { id } of host.calls.runningOf(this.idOf(one.server))) host.calls.cancel(id);
        break;
      case 'crash':
        this.startOf(one.server)?.server.transport.exit({ code: 1, signal: null });
        break;
      case 'restart':
        void host.restart(this.idOf(one.server));
        break;
      case 'done':
        this.startOf(one.server)?.server.notify('notifications/elicitation/complete', {
          elicitationId: 'e1',
        });
        break;
      case 'decide':
        this.decide(one.which, one.says);
        break;
      case 'edit':
        this.edits += 1;
        await harness.edit(
          { three: { command: 'three', args: [String(this.edits)] } },
          { kind: 'workspace' },
        );
        break;
      case 'late':
        for (const [id, { subject }] of this.settled)
          assert.ok(!host.consent.decide(id, yesTo(subject)), 'a late click decides nothing');
        break;
      case 'pass':
        await harness.pass(one.ms);
    }
    await harness.settle();
    assert.deepEqual(
      host.consent.entries().map(({ id }) => id),
      [...this.waiting.keys()],
    );
    for (const { entry, start } of this.waiting.values()) this.assertHasCause(entry, start);
  }

  /** Everything that questions hang on ends; what still waits then would wait for ever. */
  async finish(): Promise<void> {
    for (const index of NAMES.keys()) await this.act({ kind: 'cancel', server: index });
    await this.act({ kind: 'pass', ms: 3_600_000 });
    assert.ok(
      [...this.waiting.values()].every(({ entry }) => entry.subject.kind === 'launch'),
      'only a launch waits for as long as it takes',
    );
    for (const { start, count } of this.replies)
      assert.ok(count === 1 || (count === 0 && !start.alive), 'every server that is there has its answer');
    assert.ok(
      this.calls.every(({ ended }) => ended),
      'every call has ended',
    );
    await this.harness.end();
    assert.equal(this.waiting.size, 0);
    await this.harness.settle();
    for (const [id, { subject }] of this.settled)
      assert.ok(!this.harness.host.consent.decide(id, yesTo(subject)));
  }

  /** A question ends with what it is about: its server, and the calls that entitle it to ask. */
  private assertHasCause({ serverId, subject }: ConsentEntry, start: Start | undefined): void {
    if (subject.kind === 'launch') return;
    assert.ok(start?.alive, `a question of an ended server waits: ${subject.kind}`);
    if (subject.kind === 'roots') return;
    const running = this.harness.host.calls.runningOf(serverId);
    assert.ok(running.length > 0, `a question without a call waits: ${subject.kind}`);
  }

  private ask(index: number, what: keyof typeof ASKS): void {
    const start = this.startOf(index);
    if (!start?.alive) return;
    const [method, params] = ASKS[what];
    const reply = { start, count: 0 };
    this.replies.push(reply);
    void start.server.request(method, params).then(() => reply.count++);
  }

  private call(index: number, target: string): void {
    const call = { ended: false };
    this.calls.push(call);
    const given = { n: this.calls.length };
    const end = (): void => void (call.ended = true);
    this.harness.host.callTool(this.idOf(index), target, given, {}).then(end, end);
  }

  private decide(which: number, says: 'yes' | 'no' | 'neither'): void {
    const { consent } = this.harness.host;
    const waiting = consent.entries();
    const entry = waiting[which % Math.max(waiting.length, 1)];
    if (!entry) return;
    const { id, subject } = entry;
    const said: PersonDecision =
      says === 'yes' ? yesTo(subject) : says === 'no' ? { kind: 'deny' } : { kind: 'dismiss' };
    const fits = says !== 'neither' || subject.kind === 'elicitation';
    assert.equal(consent.decide(id, said), fits);
    if (fits) assert.ok(!consent.decide(id, said), 'a second click decides nothing');
  }

  private idOf(index: number): string {
    return `user/${NAMES[index] ?? ''}`;
  }

  private startOf(index: number): Start | undefined {
    return this.harness.startsOf(NAMES[index] ?? '').at(-1);
  }
}

test('whatever servers ask and whatever happens, each question of every kind settles once, late clicks decide nothing, and nobody waits for ever (T132)', async () => {
  met.clear();
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 30 }), async (actions) => {
      const run = await Run.open();
      for (const one of actions) await run.act(one);
      await run.finish();
    }),
    { numRuns: 120, seed: 20_261_122 },
  );
  assert.deepEqual(
    [...met].sort(),
    ['elicitation-wait', 'form', 'launch', 'roots', 'sampling', 'sampling-answer', 'url'],
    'every kind was among them',
  );
});
