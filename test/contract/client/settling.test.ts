import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonRpcRequest } from '../../../src/protocol/jsonrpc';
import {
  ClientHarness,
  failureOf,
  legacyAnswers,
  modernAnswers,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

/** What a server may say about one of our requests. */
type HowToAnswer = 'answer' | 'refuse' | 'oversize' | 'malform' | 'progress' | 'echo';

/** One step of an interleaving. `which` picks a call, whatever state it is in. */
type Step =
  | { readonly do: 'call' | 'list' | 'read' | 'turn' | 'flood' }
  | { readonly do: 'exit' | 'violate' | 'close' | 'unlink' | 'break' }
  | { readonly do: HowToAnswer | 'cancel'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number };

const which = fc.nat(30);
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('call', 'list', 'read', 'turn') }) },
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constantFrom('answer', 'refuse', 'oversize', 'malform', 'cancel', 'progress', 'echo'),
        which,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 0, max: 15_000 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('exit', 'violate', 'close', 'unlink', 'break', 'flood') }),
    },
  ),
  { maxLength: 60 },
);

class Run {
  readonly settled: number[] = [];
  private readonly aborts: AbortController[] = [];

  private constructor(
    readonly harness: ClientHarness,
    /** What the server was asked and has not answered by itself. */
    private readonly requests: readonly JsonRpcRequest[],
  ) {}

  static async begin(modern: boolean): Promise<Run> {
    const requests: JsonRpcRequest[] = [];
    const open: Answer = (_params, request) => {
      requests.push(request);
      return undefined;
    };
    const answers = (modern ? modernAnswers : legacyAnswers)({
      'tools/call': open,
      'tools/list': open,
      'resources/read': open,
    });
    const harness = await ClientHarness.connected(answers, {
      timeouts: { connect: 30_000, request: 10_000, total: 25_000 },
    });
    return new Run(harness, requests);
  }

  async take(step: Step): Promise<void> {
    const { harness } = this;
    const { server } = harness;
    const { transport } = server;
    switch (step.do) {
      case 'call':
        return this.track((signal) => harness.callTool({}, signal));
      case 'list':
        return this.track((signal) => harness.host.request('list', { kind: 'tools' }, signal));
      case 'read':
        return this.track((signal) =>
          harness.host.request('readResource', { callId: 0, uri: 'a:b' }, signal),
        );
      case 'turn':
        return await new Promise<void>((resolve) => setImmediate(resolve));
      case 'flood':
        for (let times = 0; times < 100; times++) server.notify('notifications/tools/list_changed');
        return;
      case 'exit':
        return transport.exit({ code: 0, signal: null });
      case 'violate':
        return transport.violate('a bound');
      case 'close':
        return void harness.host.request('close', undefined).catch(() => undefined);
      case 'unlink':
        return harness.host.close();
      case 'break':
        return harness.clientPort.break('it crashed');
      case 'cancel':
        return this.aborts[step.which % Math.max(1, this.aborts.length)]?.abort();
      case 'pass':
        return harness.clock.advance(step.ms);
      default:
        return this.answer(step.do, step.which);
    }
  }

  private answer(how: HowToAnswer, index: number): void {
    const request = this.requests[index % Math.max(1, this.requests.length)];
    if (!request) return;
    const { id } = request;
    const { server } = this.harness;
    switch (how) {
      case 'answer':
        return server.respond(id, textResult('x', { tools: [], contents: [] }));
      case 'refuse':
        return server.transport.send({ jsonrpc: '2.0', id, error: { code: 1, message: 'no' } });
      case 'oversize':
        return server.transport.peerHandlers?.onRefused({
          subject: { kind: 'answer', id },
          bytes: 1,
          detail: 'too large',
        });
      case 'malform':
        return server.clientTransport.receive(`{"jsonrpc":"2.0","id":${String(id)}}`);
      case 'progress':
        return server.notify('notifications/progress', { progressToken: index, progress: index });
      case 'echo':
        return server.notify('notifications/cancelled', { requestId: id });
    }
  }

  private track(start: (signal: AbortSignal) => Promise<unknown>): void {
    const abort = new AbortController();
    this.aborts.push(abort);
    const index = this.settled.push(0) - 1;
    const count = (): void => {
      this.settled[index] = (this.settled[index] ?? 0) + 1;
    };
    start(abort.signal).then(count, count);
  }
}

for (const modern of [false, true])
  test(`every call settles exactly once, whatever happens in whatever order (${modern ? 'stateless' : 'stateful'} era)`, async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    try {
      await fc.assert(
        fc.asyncProperty(steps, async (list) => {
          const run = await Run.begin(modern);
          for (const step of list) await run.take(step);
          // The total limit of every call is over, so that none may wait any more.
          for (let second = 0; second < 8; second++) await run.harness.pass(10_000);
          assert.deepEqual(
            run.settled,
            run.settled.map(() => 1),
          );
          const calls = run.harness.frames.filter((frame) => 'method' in frame && 'id' in frame);
          for (const cancelled of run.harness.sent('notifications/cancelled'))
            assert.ok(calls.some((call) => 'id' in call && call.id === cancelled.params?.['requestId']));
          await run.harness.end();
        }),
        { numRuns: 150 },
      );
    } finally {
      process.off('unhandledRejection', note);
    }
    assert.deepEqual(unhandled, []);
  });

test('a tool call is never sent twice, whatever fails', async () => {
  const faults: ((harness: ClientHarness) => void)[] = [
    (harness) => harness.server.transport.exit({ code: 1, signal: null }),
    (harness) => harness.server.transport.violate('a bound'),
    (harness) => harness.clock.advance(1_000_000),
    (harness) => harness.host.close(),
    (harness) =>
      harness.server.transport.send({ jsonrpc: '2.0', error: { code: -32700, message: 'parse error' } }),
  ];
  for (const fault of faults) {
    const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => undefined }));
    const call = harness.callTool().catch(() => undefined);
    await harness.settle();
    fault(harness);
    await harness.pass(1_000_000);
    await call;
    assert.equal(harness.sent('tools/call').length, 1);
    assert.equal(harness.servers.length, 1, 'and no server is started for it');
    await harness.end();
  }
});

test('the end of the client itself settles the calls of the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => undefined }));
  const call = harness.callTool();
  await harness.settle();
  harness.clientPort.break('it ran out of memory');
  await assert.rejects(call, { failure: { code: 'connection-closed' } });
  assert.equal((await harness.server.whenClosed).kind, 'ended', 'the server is let go');
  await harness.end();
});

test('nothing is told behind the end of a connection', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  for (let change = 0; change < 3; change++) harness.server.notify('notifications/tools/list_changed');
  harness.server.transport.exit({ code: 0, signal: null });
  await harness.pass(10_000);
  assert.deepEqual(
    harness.events.map(({ name }) => name),
    ['spawned', 'listChanged', 'ended'],
  );
  await harness.end();
});

test('a client that is closed before it has begun to connect starts no server', async () => {
  const harness = new ClientHarness(legacyAnswers());
  const connecting = failureOf(harness.connect());
  await harness.host.request('close', undefined);
  assert.equal((await connecting).code, 'connection-closed');
  assert.equal(harness.servers.length, 0);
  await harness.end();
});
