/** Two windows of one editor, as two processes, whose shared token has expired (T088). */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { AuthWorld } from '../../contract/authorization/world';
import { json } from '../../support/scriptedHttp';
import type { WindowReport } from './window.entry';

const HOUR = 3_600_000;

class WindowProcess {
  readonly ready = new Deferred<void>();
  readonly atLock = new Deferred<void>();
  readonly done = new Deferred<Extract<WindowReport, { kind: 'done' }>>();
  private readonly process: ChildProcess;

  constructor(folder: string, url: URL) {
    const script = path.join(__dirname, 'window.entry.js');
    const child = spawn(process.execPath, [script, folder, url.href], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.process = child;
    child.once('exit', () => {
      for (const one of [this.ready, this.atLock, this.done]) one.reject(new Error('the window has ended'));
    });
    for (const one of [this.ready, this.atLock, this.done]) one.promise.catch(() => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = JSON.parse(line) as WindowReport;
      if (report.kind === 'ready') this.ready.resolve();
      else if (report.kind === 'at-lock') this.atLock.resolve();
      else this.done.resolve(report);
    });
  }

  go(): void {
    this.process.stdin?.write('go\n');
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}

/** The record in the folder, with its tokens obtained two hours ago. */
async function expire(world: AuthWorld, folder: string, knowsLife: boolean): Promise<void> {
  const record = JSON.parse(world.store.record ?? '') as { tokens: Record<string, unknown> };
  record.tokens['obtainedAt'] = Date.now() - 2 * HOUR;
  if (!knowsLife) delete record.tokens['lifetimeMs'];
  await writeFile(path.join(folder, 'record.json'), JSON.stringify(record));
  world.as.granted.clear();
}

/** An authorization server that takes a refresh token that is handed in twice for stolen, and ends the whole family. */
function revokeOnReuse(world: AuthWorld, before: () => Promise<unknown>): void {
  const used = new Set<string | null>();
  world.as.modes.tokenRequest = async (form, exchange) => {
    const token = form.get('refresh_token');
    const isReused = used.has(token);
    used.add(token);
    await before();
    if (!isReused) return undefined;
    world.as.granted.clear();
    world.as.refreshTokens.clear();
    json(exchange, 400, { error: 'invalid_grant', error_description: 'it was used before' });
    return 'done';
  };
}

for (const [name, knowsLife] of [
  ['both know that it has expired', true],
  ['the server refuses it to both', false],
] as const)
  test(`two processes with one expired token refresh it once, and both go on: ${name} (T088)`, async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mcph-windows-'));
    await AuthWorld.with(async (world) => {
      assert.equal(await world.call(world.window()), 'done');
      await expire(world, folder, knowsLife);
      const windows = [new WindowProcess(folder, world.url), new WindowProcess(folder, world.url)];
      try {
        await Promise.all(windows.map(({ ready }) => ready.promise));
        // No refresh is answered before both want one.
        revokeOnReuse(world, () => Promise.all(windows.map(({ atLock }) => atLock.promise)));
        for (const window of windows) window.go();
        const ends = await Promise.all(windows.map(({ done }) => done.promise));
        assert.deepEqual(
          ends.map(({ outcome, asked }) => [outcome, asked]),
          [
            [200, 0],
            [200, 0],
          ],
        );
        assert.equal(world.as.tokenRequests('refresh_token').length, 1);
        const stored = await readFile(path.join(folder, 'record.json'), 'utf8');
        assert.ok(
          [...world.as.granted.keys()].every((token) => stored.includes(token)),
          'what is stored lives',
        );
      } finally {
        for (const window of windows) window.kill();
      }
    });
    await rm(folder, { recursive: true, force: true });
  });
