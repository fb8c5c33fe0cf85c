// @ts-check
/** The same calls over Streamable HTTP, one server for all engines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { measureCalls } from './calls.mjs';
import { row } from './group.mjs';

/** @param {string} script @returns {Promise<{ url: string, end: () => void }>} */
async function startServer(script) {
  const server = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [chunk] = await once(server.stdout, 'data');
  return { url: String(chunk).trim(), end: () => void server.kill('SIGKILL') };
}

/** @type {import('./group.mjs').Group} */
export const http = {
  name: 'http',
  engines: ['raw', 'sdk1', 'sdk2', 'ours'],
  rows: [
    row('httpSequentialPerSecond', 'HTTP, one by one, calls/s', 0),
    row('httpPipelinedPerSecond', 'HTTP, 64 in flight, calls/s', 0),
    row('httpPipelinedMainUs', '… main thread, µs per call'),
  ],
  async run(engine, setup, nextTurn) {
    const server = await startServer(setup.httpServer);
    const session = await engine.open({ kind: 'http', url: server.url });
    await engine.warm?.();
    const counts = setup.quick
      ? { sequential: 500, pipelined: 2_000 }
      : { sequential: 1_500, pipelined: 8_000 };
    const { sequentialPerSecond, pipelinedPerSecond, pipelinedMainUs } = await measureCalls(
      session,
      counts,
      nextTurn,
    );
    await session.close();
    server.end();
    return {
      httpSequentialPerSecond: sequentialPerSecond ?? Number.NaN,
      httpPipelinedPerSecond: pipelinedPerSecond ?? Number.NaN,
      httpPipelinedMainUs: pipelinedMainUs ?? Number.NaN,
    };
  },
};
