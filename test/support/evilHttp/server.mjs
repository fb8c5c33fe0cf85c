// A server over HTTP that misbehaves in one way per mode, on purpose: node server.mjs <mode>, with an IPC channel.
// It sends { ports } when it listens and answers any message with what it has seen. It ends with its parent.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

import { JSON_TYPE, modern, proper, refuse, state } from './kit.mjs';
import { messageModes } from './messageModes.mjs';
import { transportModes } from './transportModes.mjs';

const seen = { requests: [], other: [], sink: { connections: 0, text: '' } };
const sockets = new Set();
let busy = 0;

const chosen = { ...transportModes, ...messageModes }[process.argv[2]];
state.modern = chosen.modern === true;
const table = { ...proper, ...(state.modern ? modern : {}), ...chosen.on };

async function serve(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const message = body === '' ? undefined : JSON.parse(body);
  const { id, params = {} } = message ?? {};
  const rpc = message?.method ?? (message ? 'answer' : undefined);
  if (seen.requests.length < 10_000)
    seen.requests.push({ method: request.method, rpc, tool: params.name, headers: request.rawHeaders });
  const kind =
    request.method !== 'POST'
      ? request.method
      : id === undefined || rpc === 'answer'
        ? 'notification'
        : rpc === 'tools/call'
          ? params.name
          : rpc;
  const handle = table['*'] ?? table[kind];
  const x = { request, response, message, id, params };
  busy++;
  response.on('error', () => undefined).on('close', () => busy--);
  if (handle) await handle(x);
  else refuse(x, 200, -32601);
}

const listen = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};
const main = http.createServer(
  (request, response) => void serve(request, response).catch(() => response.destroy()),
);
main.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
});
const other = http.createServer((request, response) => {
  seen.other.push(request.rawHeaders.join('\n'));
  response.writeHead(200, JSON_TYPE).end('{}');
});
const sink = net.createServer((socket) => {
  seen.sink.connections++;
  socket.on('error', () => undefined).on('data', (chunk) => (seen.sink.text += chunk.toString('latin1')));
});
state.ports = { main: await listen(main), other: await listen(other), sink: await listen(sink) };
process.on('message', () =>
  process.send({ seen: { ...seen, open: sockets.size, busy, sessions: state.sessions, acted: state.acted } }),
);
process.on('disconnect', () => process.exit(0));
process.send({ ports: state.ports });
