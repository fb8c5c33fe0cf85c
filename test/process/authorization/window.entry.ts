/** A window of the editor as a process of its own: the store and the locks are a folder that it shares with others. */

import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Authorizer } from '../../../src/authorization/authorizer';
import { systemClock } from '../../../src/base/clock';
import { fileLocks } from '../../../src/platform/fileLocks';
import type { Failure } from '../../../src/protocol/failure';
import { HttpClient } from '../../../src/transport/http/httpClient';
import { readBody } from '../../../src/transport/http/bodies';
import { DIRECT } from '../../support/directNetwork';

/** Lines that it prints; it makes its call once it gets one. */
export type WindowReport =
  | { readonly kind: 'ready' }
  /** It is about to ask for the lock. */
  | { readonly kind: 'at-lock' }
  | { readonly kind: 'done'; readonly outcome: number | Failure; readonly asked: number };

const MAX_ATTEMPTS = 5;

function report(line: WindowReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(folder: string, address: string): Promise<void> {
  const url = new URL(address);
  const record = path.join(folder, 'record.json');
  const locks = fileLocks(path.join(folder, 'locks'));
  const http = new HttpClient(DIRECT, systemClock);
  let asked = 0;
  const authorizer = new Authorizer({
    serverUrl: url,
    settings: {},
    http,
    clock: systemClock,
    host: {
      load: () => readFile(record, 'utf8'),
      save: async (text) => {
        await writeFile(`${record}.${process.pid}`, text ?? '');
        await rename(`${record}.${process.pid}`, record);
      },
      exclusively: async (work, signal) => {
        report({ kind: 'at-lock' });
        const release = await locks.acquire('credentials', signal);
        try {
          return await work();
        } finally {
          release();
        }
      },
      beginSignIn: () => {
        asked++;
        return Promise.resolve({ kind: 'later' });
      },
      openSignIn: () => Promise.resolve({ kind: 'dismissed' }),
      signedIn: () => undefined,
      holds: () => undefined,
    },
  });
  report({ kind: 'ready' });
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const outcome = await call(authorizer, http, url);
  report({ kind: 'done', outcome, asked });
  http.close();
  process.stdin.destroy();
}

/** One call to the server, as a transport makes it. @returns the status, or why there is none */
async function call(authorizer: Authorizer, http: HttpClient, url: URL): Promise<number | Failure> {
  const { signal } = new AbortController();
  for (let attempt = 1; ; attempt++) {
    const used = await authorizer.headersFor({ method: 'POST', url }, signal);
    const headers = Object.fromEntries(used);
    const reply = await http.send({ method: 'POST', url, headers, body: '{}', signal });
    await readBody(reply, 100_000);
    if (reply.status !== 401 || attempt === MAX_ATTEMPTS) return reply.status;
    const answer = { status: 401, headers: reply.headers, used, attempt } as const;
    const next = await authorizer.challenged(answer, signal);
    if (next !== 'retry') return next;
  }
}

const [, , folder = '', address = ''] = process.argv;
void main(folder, address);
