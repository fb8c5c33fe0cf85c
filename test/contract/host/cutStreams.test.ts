/** A remote server whose stream is cut is connected again by itself, with measure and not for ever (T062). */

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { serveClient } from '../../../src/client/clientService';
import { serverRow } from '../../../src/presentation/serverRows';
import { openRemote } from '../../../src/transport/openRemote';
import { isRemote } from '../../../src/transport/remoteSpec';
import { failsSaying } from '../../support/failures';
import { HostHarness } from '../../support/hostHarness';
import { MemoryLinkPort } from '../../support/linkPair';
import { event, idOf, ScriptedHttp, stream, type HttpExchange } from '../../support/scriptedHttp';
import { settled } from '../http/remote';

const ID = 'user/one';
const SERVER = { protocolVersion: '2024-11-05', serverInfo: { name: 'x', version: '1' } };

class Cutting {
  readonly streams: HttpExchange[] = [];
  /** The status of streams that are refused. */
  refuses: number | undefined;
  readonly harness: HostHarness;

  private constructor(readonly http: ScriptedHttp) {
    this.harness = new HostHarness({ clients: { launch: () => this.launch() } });
  }

  /** A host that is connected to a server of HTTP+SSE. */
  static async open(t: TestContext): Promise<Cutting> {
    const http = await ScriptedHttp.start((exchange) => cutting.serve(exchange));
    const cutting = new Cutting(http);
    t.after(() => http.stop());
    cutting.harness.world.setServers({ one: { url: `${http.origin}/sse`, type: 'sse' } });
    cutting.harness.host.open();
    await cutting.is('running');
    return cutting;
  }

  async is(kind: string): Promise<void> {
    await settled(() => this.harness.state('one').kind === kind);
    await this.harness.settle();
  }

  /** @returns how long it waits before it connects again; undefined when it does not */
  async cut(): Promise<number | undefined> {
    this.streams.at(-1)?.response.destroy();
    await this.is('failed');
    return this.wait;
  }

  get wait(): number | undefined {
    const state = this.harness.state('one');
    return state.kind === 'failed' && state.next?.kind === 'restart' ? state.next.inMs : undefined;
  }

  private serve(exchange: HttpExchange): void {
    const { response, method, body } = exchange;
    if (method === 'GET') {
      if (this.refuses !== undefined) return void response.writeHead(this.refuses).end();
      this.streams.push(exchange);
      stream(exchange);
      return void response.write('event: endpoint\ndata: /post\n\n');
    }
    response.writeHead(202).end();
    const to = this.streams.at(-1);
    const asked = (body as { readonly method?: string }).method;
    const result = asked === 'initialize' ? { ...SERVER, capabilities: { tools: {} } } : { tools: [] };
    if (to && (asked === 'initialize' || asked === 'tools/list'))
      event(to, { jsonrpc: '2.0', id: idOf(exchange), result });
  }

  private launch(): MemoryLinkPort {
    const [hostPort, clientPort] = MemoryLinkPort.pair();
    serveClient(
      clientPort,
      {
        loadAuthorization: () => assert.fail('nobody signs in here'),
        openTransport: (spec, _onSpawned, form, authorizer) => {
          assert.ok(isRemote(spec));
          return openRemote(spec, form, authorizer, this.harness.clock);
        },
      },
      () => undefined,
      this.harness.clock,
    );
    return hostPort;
  }
}

test('a stream that is cut is opened again, within a second or a little more; the call in it fails and is not made again', async (t) => {
  const cutting = await Cutting.open(t);
  const { harness, http } = cutting;
  const call = failsSaying(harness.host.callTool(ID, 't', {}, {}), /may still have acted/);
  await http.until(() => http.got('POST', 'tools/call').length === 1, 'the call');
  const wait = await cutting.cut();
  await call;
  assert.ok(wait !== undefined && wait >= 1_000 && wait <= 1_200, String(wait));
  assert.equal(serverRow(harness.server('one')).description, 'restarting in 1 s (2 of 10)');
  await harness.pass(wait - 1);
  assert.equal(cutting.streams.length, 1);
  await harness.pass(1);
  await cutting.is('running');
  assert.deepEqual([cutting.streams.length, http.got('POST', 'tools/call').length], [2, 1]);
  await harness.end();
});

test('a server that is not there yet is tried again, ever later up to a minute, and ten times at most', async (t) => {
  const cutting = await Cutting.open(t);
  const { harness } = cutting;
  cutting.refuses = 503;
  const waits = [(await cutting.cut()) ?? 0];
  for (let wait = waits[0]; wait !== undefined;) {
    const seen = harness.changes.length;
    await harness.pass(wait);
    await settled(() => harness.changes.length > seen && harness.state('one').kind === 'failed');
    await harness.settle();
    wait = cutting.wait;
    if (wait !== undefined) waits.push(wait);
  }
  assert.deepEqual(
    waits.map((wait) => Math.floor(Math.log2(wait / 1_000))),
    [0, 1, 2, 3, 4, 5, 5, 5, 5],
  );
  assert.equal(serverRow(harness.server('one')).description, 'stopped: out of reach');
  assert.match(
    serverRow(harness.server('one')).tooltip().join('\n'),
    /could not be opened, 10 times in ten minutes/,
  );
  await harness.end();
});

test('streams that last half a minute are opened again for as long as they do', async (t) => {
  const cutting = await Cutting.open(t);
  const { harness } = cutting;
  for (let round = 1; round <= 7; round++) {
    await harness.pass(30_000);
    const wait = await cutting.cut();
    assert.ok(wait !== undefined && wait <= 1_200, `${round}: ${wait}`);
    await harness.pass(wait);
    await cutting.is('running');
    assert.equal(cutting.streams.length, round + 1);
  }
  await harness.end();
});

test('what is not there any more is not tried again', async (t) => {
  const cutting = await Cutting.open(t);
  cutting.refuses = 404;
  await cutting.harness.pass((await cutting.cut()) ?? 0);
  await cutting.http.until(() => cutting.http.got('GET').length === 2, 'it is asked again');
  await settled(() => cutting.wait === undefined && cutting.harness.state('one').kind === 'failed');
  await cutting.harness.end();
});
