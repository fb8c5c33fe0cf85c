/** Servers over HTTP that nobody here wrote, as processes. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';

const EVERYTHING = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts server-everything in one of its HTTP modes; resolves when it listens. */
export async function everythingOverHttp(
  mode: 'streamableHttp' | 'sse',
  port: number,
): Promise<ChildProcess> {
  const server = spawn(process.execPath, [EVERYTHING, mode], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    // It is read to the end: a server that cannot write would end.
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (/(?:listening|running) on port/i.test(said)) resolve();
    });
    server.once('exit', () => reject(new Error(`it did not start: ${said}`)));
  });
  return server;
}
