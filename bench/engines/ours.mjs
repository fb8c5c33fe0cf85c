// @ts-check
/**
 * Our client as shipped: `dist/client-worker.js` of a production build in its worker, and the host's own code in front of it, from the
 * launcher to the connection and the server's log, up to the editor's channel. Only the reaper is left out, which no call passes through.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { ServerConnection } from '../../src/host/serverConnection';
import { ServerLog } from '../../src/host/serverLog';
import { ServerSecrets } from '../../src/host/serverSecrets';
import { ClientLauncher } from '../../src/rpc/clientLauncher';

const TIMEOUTS = { connect: 60_000, request: 60_000, total: 600_000 };
const NETWORK = { strictTls: true, certificates: [], systemCertificates: false };
const nothing = () => undefined;
/** Bytes. */
const SLICE = 1_048_576;

/** @type {ConstructorParameters<typeof ServerConnection>[1]} */
const noReaper = { watch: nothing, unwatch: () => Promise.resolve() };

const launcher = new ClientLauncher(process.env['MCP_HOST_BENCH_CLIENT'] ?? '');

const rejected = () => Promise.reject(new Error('nobody is there to ask'));

const nowhere = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** No server here asks for anything; what it writes is made ready for its log. @returns {ConstructorParameters<typeof ServerConnection>[4]} */
const handlers = () => {
  const secrets = new ServerSecrets(['a key that is a secret', randomUUID(), randomUUID()]);
  const log = new ServerLog(nowhere, secrets);
  return {
    requests: {
      sample: rejected,
      elicit: rejected,
      awaitElicitation: rejected,
      roots: () => Promise.resolve([]),
      loadCredentials: () => Promise.resolve(undefined),
      saveCredentials: rejected,
      lockCredentials: rejected,
      unlockCredentials: rejected,
      accountHeader: () => Promise.resolve(undefined),
      beginSignIn: rejected,
      openSignIn: rejected,
    },
    onSpawned: nothing,
    onStderr: (lines, dropped) => log.onStderr(lines, dropped),
    onWire: (note) => log.onWire(note),
    onLogMessage: (message) => log.onLogMessage(message),
    onProgress: nothing,
    onTask: nothing,
    onListChanged: nothing,
    onResourceUpdated: nothing,
    onUnheard: nothing,
    onSignedIn: nothing,
    onReleased: nothing,
    onSecrets: (told) => secrets.add(told),
    cleanFailure: (failure) => secrets.cleanFailure(failure),
    onLost: nothing,
  };
};

/** @param {import('./engine.mjs').Place} place @param {string} token */
function launchOf(place, token) {
  if (place.kind === 'http')
    return { url: place.url, headers: {}, transport: /** @type {const} */ ('http'), network: NETWORK };
  const env = { PATH: process.env['PATH'] ?? '', MCP_HOST_LAUNCH: token };
  return { command: place.command, args: place.args, env, cwd: process.cwd() };
}

/**
 * Slice by slice, as a text that was held is shown.
 * @param {ServerConnection} connection
 * @param {{ readonly handle: number, readonly bytes: number }} held
 */
async function pull(connection, { handle, bytes }) {
  const whole = new Uint8Array(bytes);
  for (let offset = 0; offset < bytes;) {
    const slice = await connection.request('readHeld', { handle, offset, length: SLICE });
    whole.set(slice, offset);
    offset += slice.byteLength;
  }
}

/** @type {import('./engine.mjs').Engine} */
export const engine = {
  id: 'ours',
  // The thread that is kept ready is made a second after the last start.
  warm: () => sleep(1_500),
  async open(place) {
    const token = randomUUID();
    const connection = new ServerConnection(
      launcher.launch('thread'),
      noReaper,
      token,
      systemClock,
      handlers(),
    );
    const never = new AbortController().signal;
    const clientInfo = { name: 'bench', version: '1.0.0' };
    const offers = { sampling: true, roots: true };
    await connection.connect(
      { launch: launchOf(place, token), timeouts: TIMEOUTS, clientInfo, offers },
      never,
    );
    let callId = 0;
    return {
      listTools: async () => (await connection.request('list', { kind: 'tools' })).items.length,
      call: (name, given) => {
        const params = { callId: ++callId, name, arguments: /** @type {any} */ (given) };
        return connection.request('callTool', params, new AbortController().signal);
      },
      takeRest: async (result) => {
        const { content } = /** @type {import('../../src/protocol/content').ToolCallResult} */ (result);
        for (const block of content)
          if (block.type === 'text' && block.text.kind === 'held') await pull(connection, block.text);
      },
      pid: () => connection.processId,
      close: () => connection.close(),
    };
  },
};
