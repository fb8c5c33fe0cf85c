/**
 * The client under test of the official conformance suite: the host and the client as shipped, without the editor. It finds out everything
 * about its server by itself; what a scenario adds is which calls are made, what a person would answer, and a browser without a window.
 */

import path from 'node:path';

import type { ConsentEntry } from '../../src/host/consentQueue';
import { Host } from '../../src/host/host';
import type { PendingRedirect } from '../../src/host/ports';
import { LIST_KINDS } from '../../src/protocol/model';
import { failureText } from '../../src/presentation/failureTexts';
import { failureLines } from '../../src/presentation/serverTexts';
import { FailureError } from '../../src/protocol/failure';
import { launchClient } from '../../src/rpc/clientLauncher';
import { withDefaults } from '../support/formDefaults';
import { TestWorld } from '../support/testPorts';
import { actionOf, answerTo, entryOf, readContext } from './scenarios';

const SERVER = 'user/server';
const REDIRECT = 'http://localhost:3000/callback';

/** A browser that nobody sees: it asks for the page and says where that leads. */
const browser: PendingRedirect = {
  uri: REDIRECT,
  open: async (url) => {
    const answer = await fetch(url, { redirect: 'manual' });
    return answer.headers.get('location') ?? undefined;
  },
  dispose: () => undefined,
};

async function main(serverUrl: string): Promise<void> {
  const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
  const context = readContext(process.env['MCP_CONFORMANCE_CONTEXT']);
  const world = new TestWorld();
  world.folders = [{ uri: 'file:///work', name: 'work', path: process.cwd() }];
  world.signIn = { expectRedirect: () => Promise.resolve(browser) };
  world.setServers({ server: entryOf(serverUrl, context) });
  const host = new Host(
    world.ports({
      clients: { launch: (isolation) => launchClient(path.join(__dirname, 'client-worker.js'), isolation) },
      reaper: { watch: () => undefined, unwatch: () => Promise.resolve() },
    }),
  );
  host.consent.onDidChange((change) => {
    if (change.kind === 'added') decide(host, scenario, change.entry);
  });
  try {
    host.open();
    await host.start(SERVER);
    // What a person does who sees that they have to sign in.
    if (stateOf(host) === 'stopped: sign-in') await host.signIn(SERVER);
    if (stateOf(host) !== 'running') throw new Error(whyNot(host));
    await listed(host);
    await actionOf(scenario)({ host, serverId: SERVER, context });
  } finally {
    await host.close();
    host.dispose();
  }
}

function decide(host: Host, scenario: string, { id, subject }: ConsentEntry): void {
  if (subject.kind === 'elicitation' && subject.request.mode === 'form') {
    const content = withDefaults(subject.request, answerTo(scenario));
    host.consent.decide(id, { kind: 'submit', content });
  } else host.consent.decide(id, { kind: 'allow-once' });
}

function stateOf(host: Host): string {
  const state = host.server(SERVER)?.state;
  return state?.kind === 'stopped' ? `stopped: ${state.why.kind}` : (state?.kind ?? 'gone');
}

function whyNot(host: Host): string {
  const state = host.server(SERVER)?.state;
  return state?.kind === 'failed' ? failureLines(state).join('\n') : `the server is ${stateOf(host)}`;
}

/** Waits until every list that the server offers has been read. */
async function listed(host: Host): Promise<void> {
  // Looked up each time: whoever signs in anew is listed anew.
  const isLoading = (): boolean =>
    LIST_KINDS.some((kind) => host.server(SERVER)?.catalog?.list(kind).kind === 'loading');
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (isLoading()) return;
      watching.dispose();
      resolve();
    };
    const watching = host.onDidChange(look);
    look();
  });
}

const [, , url] = process.argv;
if (url === undefined) {
  console.error('Usage: node conformance-client.cjs <server-url>');
  process.exit(2);
}
main(url).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof FailureError ? failureText(error.failure) : error);
    process.exit(1);
  },
);
