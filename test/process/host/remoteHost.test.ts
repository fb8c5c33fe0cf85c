/** A whole host on remote servers that nobody here wrote: found by their address alone, used, lost and left. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

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
