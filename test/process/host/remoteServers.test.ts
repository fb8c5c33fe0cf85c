/** The client as shipped against servers over HTTP that nobody here wrote, in both forms of the transport. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import type { ClientEvents, ClientRequests, HostRequests } from '../../../src/client/contract';
import { launchClient } from '../../../src/rpc/clientLauncher';
import { Link } from '../../../src/rpc/link';
import { DIRECT } from '../../support/directNetwork';
import { CLIENT_SCRIPT } from '../../support/testPorts';
import { everythingOverHttp, freePort } from '../../support/remoteServers';
import { keptAlive } from '../../support/processProbes';
import { QUIET_EVENTS, QUIET_REQUESTS } from '../../support/quietHost';

for (const [mode, address, revision] of [
  ['streamableHttp', '/mcp', '2025-11-25'],
  ['sse', '/sse', '2025-11-25'],
] as const)
  test(`server-everything over ${mode}: lists, calls with progress, sampling, resources, and a clean end`, async () => {
    await keptAlive(async () => {
      const port = await freePort();
      const server = await everythingOverHttp(mode, port);
      const sampled: HostRequests['sample']['params'][] = [];
      const progress: ClientEvents['progress'][] = [];
      const link = new Link<ClientRequests, HostRequests, object, ClientEvents>(
        launchClient(CLIENT_SCRIPT, 'thread'),
        {
          requests: {
            ...QUIET_REQUESTS,
            sample: (params) => {
              sampled.push(params);
              const answer = { role: 'assistant', text: 'forty-two', model: 'm' } as const;
              return Promise.resolve({ kind: 'answer', answer });
            },
          },
          events: {
            ...QUIET_EVENTS,
            spawned: () => assert.fail('nothing is started'),
            progress: (report) => void progress.push(report),
          },
          onClose: () => undefined,
        },
      );
      try {
        const { negotiated } = await link.request('connect', {
          launch: {
            url: `http://127.0.0.1:${port}${address}`,
            headers: {},
            transport: 'auto',
            network: DIRECT,
          },
          timeouts: { connect: 20_000, request: 20_000, total: 60_000 },
          clientInfo: { name: 'test', version: '0' },
          offers: { sampling: true, roots: true },
        });
        assert.equal(negotiated.revision, revision);
        const tools = await link.request('list', { kind: 'tools' });
        assert.ok(tools.items.length > 10);
        const call = (
          callId: number,
          name: string,
          given: Record<string, string | number>,
        ): Promise<unknown> => link.request('callTool', { callId, name, arguments: given });
        assert.match(JSON.stringify(await call(1, 'echo', { message: 'hello' })), /Echo: hello/);
        await call(2, 'trigger-long-running-operation', { duration: 0.4, steps: 2 });
        assert.ok(progress.length > 0 && progress.every(({ callId }) => callId === 2));
        const answer = await call(3, 'trigger-sampling-request', { prompt: 'what', maxTokens: 10 });
        assert.match(JSON.stringify(answer), /forty-two/);
        // Only Streamable HTTP gives each call a stream of its own, by which it is known.
        const origin = mode === 'sse' ? { kind: 'unattributed' } : { kind: 'call', callId: 3 };
        assert.deepEqual(
          sampled.map((asked) => asked.origin),
          [origin],
        );
        const [resource] = (await link.request('list', { kind: 'resources' })).items;
        assert.ok(resource && 'uri' in resource);
        const { contents } = await link.request('readResource', { callId: 4, uri: resource.uri });
        assert.equal(contents[0]?.uri, resource.uri);
        await link.request('close', undefined);
      } finally {
        link.close();
        if (server.kill('SIGKILL')) await once(server, 'exit');
      }
    });
  });
