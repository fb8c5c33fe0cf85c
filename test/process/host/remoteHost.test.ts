/** A whole host on remote servers that nobody here wrote: found by their address alone, used, lost and left. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';

import { serverNotes } from '../../../src/presentation/serverRows';
import { everythingOverHttp, freePort } from '../../support/remoteServers';
import { RealHost, textOf } from './realHost';

for (const [mode, address] of [
  ['streamableHttp', '/mcp'],
  ['sse', '/sse'],
] as const)
  test(`server-everything over ${mode} is found by its address, used, and seen to go`, async () => {
    const port = await freePort();
    const server = await everythingOverHttp(mode, port);
    const url = `http://127.0.0.1:${port}${address}`;
    await RealHost.with({ remote: { url } }, async (real) => {
      const state = real.state('remote');
      assert.ok(state.kind === 'running', JSON.stringify(state));
      assert.equal(state.pid, undefined);
      await real.until(() => real.host.offered('tools').length > 0);
      assert.match(textOf(await real.call('remote', 'echo', { message: 'over the wire' })), /over the wire/);
      assert.deepEqual(real.tokens, [], 'there is no process to watch');
      server.kill('SIGKILL');
      await once(server, 'exit');
      await assert.rejects(real.call('remote', 'echo', { message: 'x' }));
      assert.ok(!real.world.logLines.some((line) => line.includes(url)), 'no log holds the whole address');
    });
    assert.notEqual(server.exitCode ?? server.signalCode, null);
  });

test('what a server says when it refuses is in its row and in its log, without what it was given', async () => {
  const server = createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(`No plan for ${request.headers.authorization ?? 'nobody'}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    await RealHost.with({ remote: { url, headers: { Authorization: 'Bearer CANARY-9' } } }, async (real) => {
      const shown = real.host.server('user/remote');
      assert.ok(shown);
      const [row] = serverNotes(shown);
      const log = real.world.logLines.join('\n');
      for (const told of [row?.label ?? '', log]) {
        assert.match(told, /HTTP 403|"status":403/);
        assert.match(told, /No plan for \(your Authorization\)/);
        assert.doesNotMatch(told, /CANARY/);
      }
      await Promise.resolve();
    });
  } finally {
    server.close();
  }
});

test('an address where nobody listens fails with the reason, and a start tries again', async () => {
  const port = await freePort();
  await RealHost.with({ remote: { url: `http://127.0.0.1:${port}/mcp` } }, async (real) => {
    const state = real.state('remote');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
    assert.ok(state.cause.failure.code === 'network', JSON.stringify(state.cause));
    assert.equal(state.cause.failure.problem, 'refused');
    const server = await everythingOverHttp('streamableHttp', port);
    try {
      await real.host.start('user/remote');
      assert.equal(real.state('remote').kind, 'running');
      await real.host.stop('user/remote');
    } finally {
      server.kill('SIGKILL');
    }
  });
});
