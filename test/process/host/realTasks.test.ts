/** Tasks of servers that nobody here wrote: made, followed, asked on the way, cancelled. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import type { ClientEvents, ClientRequests, HostRequests } from '../../../src/client/contract';
import type { ToolCallResult } from '../../../src/protocol/content';
import { launchClient } from '../../../src/rpc/clientLauncher';
import { Link } from '../../../src/rpc/link';
import { failsSaying } from '../../support/failures';
import { keptAlive } from '../../support/processProbes';
import { CLIENT_SCRIPT } from '../../support/testPorts';
import { RealHost, SERVERS, textOf } from './realHost';
import { DIRECT } from '../../support/directNetwork';
import { QUIET_EVENTS, QUIET_REQUESTS } from '../../support/quietHost';

const RESEARCH = 'simulate-research-query';
const INTERACTIVE = path.resolve(
  'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleTaskInteractive.js',
);

test('a tool of server-everything that needs a task runs as one, with its stages, and gives one result', async () => {
  await RealHost.with({ everything: SERVERS.everything }, async (real) => {
    const seen = new Set<string>();
    const result = await real.host.callTool(
      'user/everything',
      RESEARCH,
      { topic: 'python' },
      { onTask: ({ message }) => void seen.add(message ?? '') },
    );
    assert.match(textOf(result), /Research Report: python/);
    assert.ok(
      [...seen].some((message) => /Gathering|Analyzing|Synthesizing/.test(message)),
      [...seen].join(),
    );
    const [entry] = real.host.tasks.of('user/everything');
    assert.ok(entry?.state.kind === 'done' && entry.task?.status === 'completed');
    assert.deepEqual(entry.state.result, result);
    assert.deepEqual(real.world.memory.get('tasks'), undefined);
  });
});

test('a task of server-everything is cancelled, and the server goes on', async () => {
  await RealHost.with({ everything: SERVERS.everything }, async (real) => {
    const running = real.call('everything', RESEARCH, { topic: 'x' });
    await real.until(() => real.host.tasks.of('user/everything').length === 1);
    const [entry] = real.host.tasks.of('user/everything');
    assert.ok(entry);
    await Promise.all([real.host.tasks.cancel(entry.key), failsSaying(running, /Cancelled/)]);
    assert.equal(textOf(await real.call('everything', 'echo', { message: 'hi' })), 'Echo: hi');
    // What the server says of it now is the end of the task, not one it has forgotten.
    const server = real.host.server('user/everything');
    const again = server?.request('resumeTask', { callId: 1_000, taskId: entry.id });
    await failsSaying(again ?? Promise.resolve(), /ended the task of this call without a result/);
  });
});

test('what an interactive task asks for on the way is answered as one of its call', async () => {
  await keptAlive(async () => {
    const { server, port } = await interactive();
    const sampled: HostRequests['sample']['params'][] = [];
    const statuses: string[] = [];
    const link = connectable(sampled, statuses);
    try {
      await link.request('connect', {
        launch: {
          url: `http://127.0.0.1:${port}/mcp`,
          headers: {},
          transport: 'http',
          network: DIRECT,
        },
        timeouts: { connect: 20_000, request: 20_000, total: 60_000 },
        clientInfo: { name: 'test', version: '0' },
        offers: { sampling: true, roots: false },
      });
      const call = (callId: number, name: string): Promise<ToolCallResult> =>
        link.request('callTool', { callId, name, arguments: {} });
      assert.match(textOf(await call(7, 'write_haiku')), /forty-two/);
      assert.deepEqual(
        sampled.map(({ origin }) => origin),
        [{ kind: 'call', callId: 7 }],
      );
      assert.ok(statuses.includes('input_required'), statuses.join());
      // It asks for what this client does not offer, and its task fails of that.
      const refused = await call(8, 'confirm_delete');
      assert.equal(refused.isError, true, JSON.stringify(refused));
      await link.request('close', undefined);
    } finally {
      link.close();
      if (server.kill('SIGKILL')) await once(server, 'exit');
    }
  });
});

function connectable(
  sampled: HostRequests['sample']['params'][],
  statuses: string[],
): Link<ClientRequests, HostRequests, object, ClientEvents> {
  return new Link<ClientRequests, HostRequests, object, ClientEvents>(launchClient(CLIENT_SCRIPT, 'thread'), {
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
      task: ({ task }) => void statuses.push(task.status),
    },
    onClose: () => undefined,
  });
}

/** The interactive example of the SDK, listening. */
async function interactive(): Promise<{ readonly server: ChildProcess; readonly port: number }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const server = spawn(process.execPath, [INTERACTIVE], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stderr.resume();
  await new Promise<void>((resolve, reject) => {
    let said = '';
    // It is read to the end: a server that cannot write would end.
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Starting server on')) resolve();
    });
    server.once('exit', () => reject(new Error(`it did not start: ${said}`)));
  });
  return { server, port };
}
