/** The authorizer against the example server of the official SDK, whose two halves listen on ports of their own. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { Authorizer } from '../../../src/authorization/authorizer';
import { systemClock } from '../../../src/base/clock';
import { HttpClient } from '../../../src/transport/http/httpClient';
import { readBody } from '../../../src/transport/http/bodies';
import { headlessSignIn } from '../../support/headlessSignIn';
import { keptAlive } from '../../support/processProbes';
import { DIRECT } from '../../support/directNetwork';

const EXAMPLE = path.resolve(
  'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js',
);
const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

async function freePorts(): Promise<readonly [number, number]> {
  const probes = [createServer().listen(0), createServer().listen(0)];
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  for (const probe of probes) probe.close();
  return [ports[0] ?? 0, ports[1] ?? 0];
}

/** Resolves when both halves listen. */
async function start(port: number, authPort: number): Promise<ChildProcess> {
  const server = spawn(process.execPath, [EXAMPLE, '--oauth', '--oauth-strict'], {
    env: { PATH: process.env['PATH'] ?? '', MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if ((said.match(/listening on port/g) ?? []).length === 2) resolve();
    });
    server.once('exit', () => reject(new Error(`it did not start: ${said}`)));
  });
  return server;
}

test("the SDK's example server lets us in after one sign-in, and again without one", async () => {
  await keptAlive(async () => {
    const [port, authPort] = await freePorts();
    const server = await start(port, authPort);
    const http = new HttpClient(DIRECT, systemClock);
    const url = new URL(`http://localhost:${port}/mcp`);
    const browser = headlessSignIn();
    let stored: string | undefined;
    const window = (): Authorizer =>
      new Authorizer({
        serverUrl: url,
        settings: {},
        http,
        clock: systemClock,
        host: {
          ...browser,
          load: () => Promise.resolve(stored),
          save: (record) => ((stored = record), Promise.resolve()),
          exclusively: (work) => work(),
          signedIn: () => undefined,
          holds: () => undefined,
        },
      });
    const post = async (authorizer: Authorizer): Promise<readonly number[]> => {
      const { signal } = new AbortController();
      const statuses: number[] = [];
      for (let attempt = 1; attempt <= 3; attempt++) {
        const used = await authorizer.headersFor({ method: 'POST', url }, signal);
        const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
        const headers = { ...Object.fromEntries(used), ...types };
        const reply = await http.send({ method: 'POST', url, headers, body: INITIALIZE, signal });
        statuses.push(reply.status);
        await readBody(reply, 1_000_000);
        if (reply.status !== 401) break;
        const next = await authorizer.challenged(
          { status: 401, headers: reply.headers, used, attempt },
          signal,
        );
        assert.equal(next, 'retry', JSON.stringify(next));
      }
      return statuses;
    };
    try {
      assert.deepEqual(await post(window()), [401, 200]);
      assert.deepEqual(await post(window()), [200]);
      assert.equal(browser.asked.length, 1);
      assert.equal(browser.asked[0]?.issuer, `http://localhost:${authPort}/`);
    } finally {
      http.close();
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
  });
});
