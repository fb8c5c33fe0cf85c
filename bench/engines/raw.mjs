// @ts-check
/**
 * The limit: newline-delimited JSON by hand, in process. One Map of pending calls, all requests of a turn in one write, bytes scanned
 * once; no validation, no deadlines, no bounds.
 */
import { spawn } from 'node:child_process';
import http from 'node:http';

/** @typedef {import('./engine.mjs').Engine} Engine */
/** @typedef {{ resolve(result: any): void, reject(error: Error): void }} Settle */
/** @typedef {(method: string, params: unknown) => Promise<any>} Request */

const NEWLINE = 0x0a;

/** @param {(line: string) => void} onLine @returns {(chunk: Buffer) => void} */
function splitter(onLine) {
  /** @type {Buffer[]} */
  let parts = [];
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (parts.length === 0) onLine(chunk.toString('utf8', start, end));
      else {
        const line = Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8');
        parts = [];
        onLine(line);
      }
      start = end + 1;
    }
    if (start < chunk.length) parts.push(start === 0 ? chunk : chunk.subarray(start));
  };
}

/** @param {Map<number, Settle>} pending @param {string} line */
function receive(pending, line) {
  const message = JSON.parse(line);
  const call = message.method === undefined ? pending.get(message.id) : undefined;
  if (call === undefined) return;
  pending.delete(message.id);
  if (message.error === undefined) call.resolve(message.result);
  else call.reject(new Error(message.error.message));
}

/** @param {string} command @param {readonly string[]} args */
function openProcess(command, args) {
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  /** @type {Map<number, Settle>} */
  const pending = new Map();
  server.stdout.on(
    'data',
    splitter((line) => receive(pending, line)),
  );
  server.on('exit', () => {
    for (const { reject } of pending.values()) reject(new Error('the server ended'));
  });
  /** @type {string[]} */
  let lines = [];
  /** @param {unknown} message */
  const send = (message) => {
    if (lines.push(`${JSON.stringify(message)}\n`) > 1) return;
    process.nextTick(() => {
      server.stdin.write(lines.join(''));
      lines = [];
    });
  };
  let nextId = 1;
  /** @type {Request} */
  const request = (method, params) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pending.set(id, { resolve, reject });
      send({ jsonrpc: '2.0', id, method, params });
    });
  /** @param {string} method */
  const notify = (method) => send({ jsonrpc: '2.0', method });
  return { request, notify, pid: server.pid, end: () => void server.kill('SIGKILL') };
}

/** @param {string} url */
function openAddress(url) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let nextId = 1;
  /** @param {string} body @returns {Promise<string>} */
  const post = (body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const outgoing = http.request(url, { method: 'POST', agent, headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk) => (text += chunk));
        incoming.on('end', () => resolve(text));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  /** @type {Request} */
  const request = async (method, params) =>
    JSON.parse(await post(JSON.stringify({ jsonrpc: '2.0', id: nextId++, method, params }))).result;
  /** @param {string} method */
  const notify = (method) => void post(JSON.stringify({ jsonrpc: '2.0', method }));
  return { request, notify, pid: undefined, end: () => agent.destroy() };
}

/** @type {Engine} */
export const engine = {
  id: 'raw',
  async open(place) {
    const { request, notify, pid, end } =
      place.kind === 'http' ? openAddress(place.url) : openProcess(place.command, place.args);
    await request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    });
    notify('notifications/initialized');
    return {
      listTools: async () => (await request('tools/list', {})).tools.length,
      call: (name, given) => request('tools/call', { name, arguments: given }),
      pid: () => pid,
      close: async () => end(),
    };
  },
};
