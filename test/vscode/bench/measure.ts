/**
 * What is measured inside the editor's extension host: the way from a command to its result, and the groups of `npm run bench` that depend
 * on the process they run in. The figures go into the file that `MCP_HOST_BENCH_OUT` names. It judges nothing.
 */

import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import * as vscode from 'vscode';

import { accept, callTool, setServers, untilServer } from '../support/product';
import { test } from '../support/runner';

interface Group {
  readonly name: string;
  run(
    engine: unknown,
    setup: unknown,
    nextTurn: () => Promise<void>,
  ): Promise<Record<string, number | string>>;
}

const CALLS = 30;
const TIMEOUT_MS = 300_000;
const options = JSON.parse(process.env['MCP_HOST_BENCH_OPTIONS'] ?? '{}') as {
  /** Paths of bundles. */
  readonly groups: string;
  readonly engine: string;
  readonly setup: { readonly server: string; readonly quick: boolean };
  /** Names of the groups to run. */
  readonly names: readonly string[];
};

function record(figures: Record<string, number | string>): void {
  appendFileSync(process.env['MCP_HOST_BENCH_OUT'] ?? '', `${JSON.stringify(figures)}\n`);
}

/** The next result that opens as a document. */
function nextResult(): Promise<vscode.TextDocument> {
  return new Promise((resolve) => {
    const opening = vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.uri.scheme !== 'mcp-host' || !document.uri.path.startsWith('/result/')) return;
      opening.dispose();
      resolve(document);
    });
  });
}

/** Calls the tool as a person does, saying yes as soon as the question is there; milliseconds until the result has opened. */
async function callOnce(serverId: string, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  let isOpen = false;
  const opened = nextResult().then(() => (isOpen = true));
  callTool(serverId, 'echo');
  while (!isOpen) {
    signal.throwIfAborted();
    await Promise.race([accept(), opened]);
  }
  const ms = performance.now() - startedAt;
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  return ms;
}

test(
  'from the command to the result',
  async ({ signal }) => {
    await setServers({
      bench: { command: process.execPath, args: [options.setup.server, '100'] },
    });
    await untilServer('bench', /State: running[^]*tools: 100 \(ready\)/, signal);
    const times: number[] = [];
    for (let call = 0; call < CALLS + 3; call++) times.push(await callOnce('user/bench', signal));
    const sorted = times.slice(3).sort((a, b) => a - b);
    record({
      commandP50: sorted[Math.floor(CALLS / 2)] ?? Number.NaN,
      commandP90: sorted[Math.floor(CALLS * 0.9)] ?? Number.NaN,
    });
    await setServers(undefined);
  },
  { timeoutMs: TIMEOUT_MS },
);

const load = createRequire(__filename);
for (const name of options.names)
  test(
    name,
    async () => {
      // Memory is only told after a collection, which this process was not started to allow.
      setFlagsFromString('--expose-gc');
      globalThis.gc ??= runInNewContext('gc') as NodeJS.GCFunction;
      const { GROUPS } = load(options.groups) as { readonly GROUPS: readonly Group[] };
      const { engine } = load(options.engine) as { readonly engine: unknown };
      const group = GROUPS.find((each) => each.name === name);
      if (group) record(await group.run(engine, options.setup, () => Promise.resolve()));
    },
    { timeoutMs: TIMEOUT_MS },
  );
