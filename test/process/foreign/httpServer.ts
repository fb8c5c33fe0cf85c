/** Starts a server over HTTP that nobody here wrote, on a free port. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ANY_PORT = pathToFileURL(path.resolve('test/support/anyPort.mjs')).href;

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** What it printed so far. */
  readonly output: () => string;
}

/** Starts `file`, runs `body` when it listens, and ends it. */
export async function withHttpServer(
  file: string,
  args: readonly string[],
  body: (server: HttpServer) => Promise<void>,
): Promise<void> {
  const server = spawn(process.execPath, ['--import', ANY_PORT, file, ...args], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(server, 'exit');
  try {
    let printed = '';
    const port = await new Promise<string>((resolve, reject) => {
      // Both are read to the end: a server that cannot write would stand still.
      for (const stream of [server.stdout, server.stderr])
        stream.on('data', (chunk: Buffer) => {
          printed += chunk.toString('utf8');
          const found = /listening on free port (\d+)/.exec(printed)?.[1];
          if (found !== undefined) resolve(found);
        });
      server.once('exit', () => reject(new Error(`it did not start: ${printed}`)));
    });
    await body({ origin: `http://127.0.0.1:${port}`, output: () => printed });
  } finally {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
    await exited;
  }
}
