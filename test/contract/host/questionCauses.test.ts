/** What servers ask belongs to calls: it ends with them and is limited for each of them, for model answers and for input alike. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RequestOrigin } from '../../../src/client/contract';
import { Calls } from '../../../src/host/calls';
import { ConsentQueue } from '../../../src/host/consentQueue';
import { Elicitation } from '../../../src/host/elicitation';
import { Sampling } from '../../../src/host/sampling';
import { SamplingGrants } from '../../../src/host/samplingGrants';
import { SamplingRecord } from '../../../src/host/samplingRecord';
import { SamplingRuns } from '../../../src/host/samplingRuns';
import { FailureError } from '../../../src/protocol/failure';
import { failureOf } from '../../support/clientHarness';
import { FakeClock } from '../../support/fakeClock';
import { silentLogger, TestWorld } from '../../support/testPorts';
import { everyday, HostHarness } from '../../support/hostHarness';
import { calling, errorOf, ID, PARAMS, type Reply } from './asking';

const UNKNOWN: RequestOrigin = { kind: 'unattributed' };
const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };

/** Whoever is asked, in the host alone: calls, the queue, and one server that asks in one of the two ways. */
class Asking {
  readonly clock = new FakeClock();
  readonly calls = new Calls(this.clock);
  readonly queue = new ConsentQueue(this.clock);
  private readonly world = new TestWorld();

  constructor(private readonly kind: 'sampling' | 'elicitation') {
    const ports = this.world.ports({});
    const settings = { samplingExpiryMs: 600_000, samplingReviewAnswers: true };
    this.sampling = new Sampling(
      this.clock,
      this.calls,
      this.queue,
      ports.models,
      settings,
      new SamplingGrants(ports),
      { begin: () => new SamplingRecord(() => undefined) },
      new SamplingRuns(),
    );
    this.elicitation = new Elicitation(this.clock, this.calls, this.queue, settings);
  }

  private readonly sampling: Sampling;
  private readonly elicitation: Elicitation;

  /** A call of the person that runs until it is cancelled. @returns its id */
  call(target: string, background = false): number {
    let id = 0;
    const what = { serverId: ID, kind: 'tool', target } as const;
    const work = (callId: number, signal: AbortSignal): Promise<never> => {
      id = callId;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new FailureError({ code: 'cancelled' })));
      });
    };
    this.calls.run(what, { background }, work).catch(() => undefined);
    return id;
  }

  /** Ends a call. */
  async end(callId: number): Promise<void> {
    this.calls.cancel(callId);
    await turns();
  }

  /** The server asks. @returns what becomes of it, in one word once it is settled */
  async ask(origin: RequestOrigin, outsideCalls = false): Promise<() => string> {
    let reply = 'waits';
    const until = new AbortController().signal;
    const who = { serverId: ID, serverName: 'one' };
    const asked =
      this.kind === 'sampling'
        ? this.sampling.serve(
            { ...who, rule: { kind: 'ask', outsideCalls }, isOwn: true, fingerprint: 'f' },
            { messages: [], maxTokens: 5, stopSequences: [], preferences: { hints: [] }, ignored: [] },
            origin,
            silentLogger,
            until,
          )
        : this.elicitation.serve(
            { ...who, outsideCalls },
            { mode: 'form', message: 'm', fields: [] },
            origin,
            silentLogger,
            until,
          );
    void asked.then((settled) => (reply = settled.kind === 'unavailable' ? settled.message : settled.kind));
    await turns();
    return () => reply;
  }

  /** The causes of what waits. */
  causes(): unknown[] {
    return this.queue.entries().map(({ subject }) => 'cause' in subject && subject.cause);
  }

  /** Decides what waits in a way that mutes nobody. */
  async settle(): Promise<void> {
    for (const { id } of this.queue.entries())
      this.queue.decide(id, this.kind === 'sampling' ? { kind: 'answer', text: 'x' } : { kind: 'dismiss' });
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

for (const kind of ['sampling', 'elicitation'] as const) {
  test(`${kind}: what a call asks ends with that call, although another one runs`, async () => {
    for (const outsideCalls of [false, true]) {
      const asking = new Asking(kind);
      const first = asking.call('first');
      asking.call('second');
      const reply = await asking.ask({ kind: 'call', callId: first }, outsideCalls);
      assert.deepEqual(asking.causes(), [{ kind: 'call', callId: first, callTitle: 'first' }]);
      await asking.end(first);
      assert.deepEqual(asking.queue.entries(), []);
      assert.equal(reply(), 'Cancelled.');
    }
  });

  test(`${kind}: what waits for its turn is not put once its own call is over`, async () => {
    const asking = new Asking(kind);
    const [first, second] = [asking.call('first'), asking.call('second')];
    await asking.ask({ kind: 'call', callId: second });
    const late = await asking.ask({ kind: 'call', callId: first });
    await asking.end(first);
    await asking.settle();
    assert.deepEqual(asking.queue.entries(), []);
    assert.match(late(), /only available while a call is running/);
  });

  test(`${kind}: what belongs to something that is over is refused, although a call runs`, async () => {
    for (const outsideCalls of [false, true]) {
      const asking = new Asking(kind);
      asking.call('other');
      const over = asking.call('over');
      await asking.end(over);
      for (const origin of [{ kind: 'ended' }, { kind: 'call', callId: over }] as const)
        assert.match((await asking.ask(origin, outsideCalls))(), /only available while a call is running/);
    }
  });

  test(`${kind}: where the call is not known, a request ends with all that may have led to it, and not with one`, async () => {
    const asking = new Asking(kind);
    const [first, second] = [asking.call('first'), asking.call('second')];
    const reply = await asking.ask(UNKNOWN);
    asking.call('third');
    assert.deepEqual(asking.causes(), [{ kind: 'while-running', callTitles: ['first', 'second'] }]);
    await asking.end(first);
    assert.equal(reply(), 'waits');
    await asking.end(second);
    assert.equal(reply(), 'Cancelled.', 'a call that began later did not lead to it');
  });

  test(`${kind}: what the host does by itself entitles to nothing, and holds back nobody who may ask at any time`, async () => {
    const asking = new Asking(kind);
    const own = asking.call('own', true);
    const origin = { kind: 'call', callId: own } as const;
    assert.match((await asking.ask(origin))(), /only available while a call is running/);
    assert.equal((await asking.ask(origin, true))(), 'waits');
    assert.deepEqual(asking.causes(), [{ kind: 'while-running', callTitles: [] }]);
  });

  const most = { sampling: 10, elicitation: 5 }[kind];

  test(`${kind}: ${most} requests at most per call, also where it is not known which call led to them`, async () => {
    for (const outsideCalls of [false, true]) {
      const asking = new Asking(kind);
      const first = asking.call('first');
      for (let count = 0; count < most; count++) {
        assert.equal((await asking.ask(UNKNOWN, outsideCalls))(), 'waits');
        await asking.settle();
      }
      assert.match((await asking.ask(UNKNOWN, outsideCalls))(), /in one call/);
      assert.match((await asking.ask({ kind: 'call', callId: first }))(), /in one call/);
      // It may be the first that asks again.
      const second = asking.call('second');
      assert.match((await asking.ask(UNKNOWN, outsideCalls))(), /in one call/);
      assert.equal(
        (await asking.ask({ kind: 'call', callId: second }))(),
        'waits',
        'another call has its own',
      );
      await asking.settle();
      await asking.end(first);
      assert.equal((await asking.ask(UNKNOWN, outsideCalls))(), 'waits');
    }
  });
}

test('over stdio of the stateful era one call leads to five forms and ten model requests, and no more (T134)', async () => {
  const harness = await calling();
  const rounds = async (send: () => Promise<Reply>): Promise<number> => {
    for (let asked = 0; asked < 20; asked++) {
      const reply = send();
      await harness.settle();
      const [entry] = harness.host.consent.entries();
      if (!entry) {
        assert.match(errorOf(await reply).message, /in one call/);
        return asked;
      }
      const isForm = entry.subject.kind === 'elicitation';
      harness.host.consent.decide(entry.id, isForm ? { kind: 'deny' } : { kind: 'answer', text: 'x' });
      await reply;
      await harness.pass(1_000);
    }
    return Number.NaN;
  };
  const { server } = harness.start('one');
  assert.equal(await rounds(() => server.request('elicitation/create', FORM)), 5);
  assert.equal(await rounds(() => server.request('sampling/createMessage', PARAMS)), 10);
  await harness.end();
});

for (const [expiryMs, minutes] of [
  [600_000, 70],
  [7_200_000, 130],
] as const)
  test(`a call ends after ${minutes} minutes, although its server asks again whenever ${expiryMs / 60_000} minutes are over`, async () => {
    const harness = new HostHarness();
    harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
    harness.world.samplingExpiryMs = expiryMs;
    harness.world.setServers({ one: { command: 'one' } });
    harness.host.open();
    await harness.settle();
    const ended = failureOf(harness.host.callTool(ID, 'echo', {}, {}));
    await harness.settle();
    const { server } = harness.start('one');
    // As many of both kinds as one call may lead to.
    const again = async (): Promise<void> => {
      for (let round = 0; harness.host.calls.runningOf(ID).length > 0 && round < 15; round++)
        await (round < 5
          ? server.request('elicitation/create', FORM)
          : server.request('sampling/createMessage', PARAMS));
    };
    void again();
    await harness.settle();
    let passed = 0;
    for (; harness.host.calls.runningOf(ID).length > 0 && passed < 24 * 60; passed++)
      await harness.pass(60_000);
    assert.equal(passed, minutes);
    const failure = await ended;
    assert.ok(failure.code === 'timeout' && failure.limit === 'total');
    assert.deepEqual(harness.host.consent.entries(), []);
    await harness.end();
  });
