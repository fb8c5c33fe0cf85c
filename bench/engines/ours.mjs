// @ts-check
/**
 * Our client as shipped: `dist/client-worker.js` of a production build in its worker, and the host's own code in front of it, from the
 * launcher to the connection. Only the reaper is left out, which no call passes through.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { ServerConnection } from '../../src/host/serverConnection';
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

/** No server here asks for anything. @type {ConstructorParameters<typeof ServerConnection>[4]} */
const HANDLERS = {
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
  onStderr: nothing,
  onWire: nothing,
  onLogMessage: nothing,
  onProgress: nothing,
  onTask: nothing,
  onListChanged: nothing,
  onResourceUpdated: nothing,
  onSignedIn: nothing,
  onReleased: nothing,
  onSecrets: nothing,
  /** @param {import('../../src/protocol/failure').Failure} failure */
  cleanFailure: (failure) => failure,
  onLost: nothing,
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
      HANDLERS,
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
