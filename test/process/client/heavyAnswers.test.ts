import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { test, type TestContext } from 'node:test';

import type { ClientEvents, ClientRequests, HostRequests } from '../../../src/client/contract';
import type { Listing, ListKind, ListItems } from '../../../src/protocol/model';
import { launchClient } from '../../../src/rpc/clientLauncher';
import { Link } from '../../../src/rpc/link';
import { lineLimits } from '../../../src/transport/admission';
import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import { Probe } from '../../support/measures/probe';
import { keptAlive, MIB } from '../../support/processProbes';
import { QUIET_EVENTS, QUIET_REQUESTS } from '../../support/quietHost';

const CLIENT = path.resolve('dist', 'client-worker.js');
const SERVER = path.resolve('test', 'support', 'heavyServer.mjs');
/** How long the main thread may stand still for one answer of a client, in milliseconds. */
const LAG_MS = 50;
/** Heap that `{"25":0},` takes once parsed, as `estimateHeap` counts it, and the most that a line may take of a client's heap. */
const DENSE_OBJECT = 72 + 24 + 24 + 232 + 4;
const MOST_DENSE = Math.floor((lineLimits(512 * MIB).heap * 0.95) / DENSE_OBJECT);

type HostLink = Link<ClientRequests, HostRequests, object, ClientEvents>;

/** Awaits work and asserts that the main thread went on meanwhile. */
type Measure = <T>(work: Promise<T>) => Promise<T>;

/** Runs `body` with a real client in a thread, connected to the heavy server. */
async function watched(
  context: TestContext,
  body: (link: HostLink, measure: Measure) => Promise<void>,
): Promise<void> {
  const ended: string[] = [];
  const link = openLink((detail) => ended.push(detail));
  const measure: Measure = async (work) => {
    const probe = new Probe();
    const result = await work;
    // The turn in which the answer arrived is part of it.
    await new Promise((resolve) => setImmediate(resolve));
    const { lag, starved } = probe.stop();
    context.diagnostic(`lag ${Math.round(lag)} ms, starved ${Math.round(starved)} ms`);
    assert.ok(lag < LAG_MS, `the main thread stood still for ${Math.round(lag)} ms`);
    return result;
  };
  await keptAlive(async () => {
    try {
      await connect(link);
      await body(link, measure);
      assert.deepEqual(ended, [], 'the client lives');
      await link.request('close', undefined);
    } finally {
      link.close();
    }
  });
}

function openLink(onClose: (detail: string) => void): HostLink {
  return new Link<ClientRequests, HostRequests, object, ClientEvents>(launchClient(CLIENT, 'thread'), {
    requests: QUIET_REQUESTS,
    events: QUIET_EVENTS,
    onClose,
  });
}

async function connect(link: HostLink): Promise<void> {
  await link.request('connect', {
    launch: {
      command: process.execPath,
      args: [SERVER],
      env: { [LAUNCH_MARKER]: randomUUID() },
      cwd: process.cwd(),
    },
    timeouts: { connect: 30_000, request: 60_000, total: 600_000 },
    clientInfo: { name: 'mcp-host', version: '1' },
    offers: { sampling: true, roots: true },
  });
}

const EXPECTED: { readonly [K in ListKind]?: { readonly most: number; readonly cut: RegExp } } = {
  prompts: { most: 5_000, cut: /^more than fits into 8 MB$/ },
  resources: { most: 1_000, cut: /^more than fits into 8 MB$/ },
  resourceTemplates: { most: 5_000, cut: /^more than 5000 entries$/ },
};

for (const [kind, { most, cut }] of Object.entries(EXPECTED) as [ListKind, { most: number; cut: RegExp }][])
  test(`${kind} without end are cut, stall the main thread little, and leave room for a dense answer`, async (context) => {
    await watched(context, async (link, measure) => {
      const listing: Listing = await measure(link.request('list', { kind }));
      assert.ok(listing.items.length > 100 && listing.items.length <= most, `${listing.items.length} items`);
      assert.match(listing.cut?.reason ?? 'not cut', cut);
      // A parse beyond the client's heap aborts this whole process, so coming back from it is the point.
      const dense = { callId: 1, name: 'dense', arguments: { objects: MOST_DENSE } };
      assert.ok((await link.request('callTool', dense)).structured);
    });
  });

test('a schema of 5 MB does not reach the main thread, and its tool can still be called', async (context) => {
  await watched(context, async (link, measure) => {
    const { items, rejected } = await link.request('list', { kind: 'tools' });
    assert.deepEqual([items as readonly ListItems['tools'][], rejected], [[{ name: 't' }], []]);
    const definition = await measure(link.request('describeTool', { name: 't' }));
    assert.deepEqual(definition, {
      name: 't',
      inputSchema: { type: 'object', additionalProperties: true },
      withheld: ['inputSchema'],
    });
    assert.ok(
      (await link.request('callTool', { callId: 1, name: 't', arguments: { objects: 1 } })).structured,
    );
  });
});
