import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { systemClock } from '../../../src/base/clock';
import { Deferred } from '../../../src/base/deferred';
import type { ReaperPort } from '../../../src/host/ports';
import { ServerConnection, type ConnectionLoss } from '../../../src/host/serverConnection';
import type { ConnectedServer } from '../../../src/protocol/model';
import { launchClient, type Isolation } from '../../../src/rpc/clientLauncher';
import { LAUNCH_MARKER, sweepMarked } from '../../../src/transport/launchMarker';
import { ReaperProcess } from '../../../src/transport/reaper';
import { Probe } from '../../support/measures/probe';
import { carriersOf, eventually, keptAlive } from '../../support/processProbes';
import { CLIENT_SCRIPT } from '../../support/testPorts';
import { hostile } from './realHost';
import { QUIET_HANDLERS } from '../../support/quietHost';

/** What the end of a server may take. */
const END_MS = 3_000;

/** A real client, with a server that nothing gentle ends, its child in the group and another that left it. */
class Stubborn {
  readonly token = randomUUID();
  readonly lost = new Deferred<ConnectionLoss>();
  readonly connection: ServerConnection;

  private constructor(isolation: Isolation, reaper: ReaperPort) {
    this.connection = new ServerConnection(
      launchClient(CLIENT_SCRIPT, isolation),
      reaper,
      this.token,
      systemClock,
      {
        ...QUIET_HANDLERS,
        onLost: (loss) => this.lost.resolve(loss),
      },
    );
  }

  /** Leaves nothing behind, whatever becomes of the test. */
  static async with(
    isolation: Isolation,
    reaper: ReaperPort,
    body: (server: Stubborn) => Promise<void>,
  ): Promise<void> {
    await keptAlive(async () => {
      const server = new Stubborn(isolation, reaper);
      try {
        await body(server);
      } finally {
        server.connection.kill();
        await sweepMarked(server.token);
      }
    });
  }

  connect(): Promise<ConnectedServer> {
    const { args } = hostile('--stubborn');
    const env = { [LAUNCH_MARKER]: this.token, PATH: process.env['PATH'] ?? '' };
    return this.connection.connect(
      {
        launch: { command: process.execPath, args, env, cwd: process.cwd() },
        timeouts: { connect: 30_000, request: 60_000, total: 600_000 },
        clientInfo: { name: 'test', title: 'Test', version: '1' },
        offers: { sampling: false, roots: false },
      },
      new AbortController().signal,
    );
  }

  async processes(): Promise<number> {
    return (await carriersOf([this.token])).length;
  }
}

/** True when a process of the launch lives; without letting anything else happen in this thread (Linux). */
function isMarked(token: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(token);
    } catch {
      return false; // It is gone, or another user's.
    }
  });
}

const NO_REAPER: ReaperPort = { watch: () => undefined, unwatch: () => Promise.resolve() };

for (const isolation of ['thread', 'process'] as const)
  test(`a server that hangs up and stays is ended by its client in a ${isolation}, within 3 s, without any reaper`, () =>
    Stubborn.with(isolation, NO_REAPER, async (server) => {
      await server.connect();
      await eventually(async () => (await server.processes()) === 3, 10_000, 'all have come up');
      const call = assert.rejects(
        server.connection.request('callTool', { callId: 1, name: 'hangUp', arguments: {} }),
      );
      const loss = await server.lost.promise;
      assert.equal(loss.kind, 'ended');
      await call;
      assert.ok((await server.processes()) > 0, 'it is told before the end');
      const probe = new Probe();
      const start = performance.now();
      await server.connection.close();
      const took = performance.now() - start;
      const { starved } = probe.stop();
      assert.equal(await server.processes(), 0);
      assert.ok(took < END_MS + starved, `${Math.round(took)} ms`);
    }));

for (const isolation of ['thread', 'process'] as const)
  test(`a server whose start was not heard of before its client in a ${isolation} was killed is ended too`, async () => {
    const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail) });
    reaper.start(process.execPath, path.resolve('dist', 'reaper.js'));
    await Stubborn.with(isolation, reaper, async (server) => {
      const connected = assert.rejects(server.connect());
      // The request leaves, and this thread sees nothing any more of what comes of it.
      await new Promise((resolve) => setImmediate(resolve));
      while (!isMarked(server.token));
      assert.equal(server.connection.processId, undefined);
      server.connection.kill();
      await connected;
      await eventually(async () => (await server.processes()) === 0, 5_000, 'nothing is left');
    });
    reaper.dispose();
  });
