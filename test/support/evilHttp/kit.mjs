// What the modes of the misbehaving server are made of: answers, streams, and what a proper server does.
export const MIB = 1_048_576;
export const BLOCK = Buffer.alloc(MIB, 0x61);
export const SSE = { 'content-type': 'text/event-stream' };
export const JSON_TYPE = { 'content-type': 'application/json' };

/** What the whole server shares: its ports, and how often something was done. */
export const state = { ports: undefined, sessions: 0, acted: 0, modern: false, held: undefined };

export const reply = (x, status, value, headers = {}) =>
  x.response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(value));
export const result = (x, value, headers) =>
  reply(
    x,
    200,
    { jsonrpc: '2.0', id: x.id, result: state.modern ? { resultType: 'complete', ...value } : value },
    headers,
  );
export const refuse = (x, status, code, headers) =>
  reply(
    x,
    status,
    { jsonrpc: '2.0', id: x.id, error: { code, message: `no: ${x.request.headers['x-api-key']}` } },
    headers,
  );
export const text = (value) => ({ content: [{ type: 'text', text: value }] });
export const event = (x, message, more = '') =>
  x.response.write(`${more}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes one block again and again until the reader has gone. */
export function pour(stream, block = BLOCK) {
  const go = () => {
    if (stream.destroyed) return;
    if (stream.write(block)) setImmediate(go);
    else stream.once('drain', go);
  };
  stream.on('error', () => undefined);
  go();
}

export const TOOLS = ['echo', 'act', 'late'].map((name) => ({ name, inputSchema: { type: 'object' } }));
const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } };

/** What a proper server does; keys are JSON-RPC methods, HTTP methods, and names of tools. */
export const proper = {
  'server/discover': (x) => refuse(x, 400, -32601),
  initialize: (x) =>
    result(
      x,
      {
        protocolVersion: '2025-11-25',
        capabilities: CAPABILITIES,
        serverInfo: { name: 'evil', version: '1' },
      },
      { 'mcp-session-id': `session-${++state.sessions}` },
    ),
  notification: (x) => x.response.writeHead(202).end(),
  GET: (x) => x.response.writeHead(405).end(),
  DELETE: (x) => x.response.writeHead(200).end(),
  ping: (x) => result(x, {}),
  'tools/list': (x) => result(x, { tools: TOOLS }),
  'resources/list': (x) => result(x, { resources: [] }),
  'resources/templates/list': (x) => result(x, { resourceTemplates: [] }),
  'resources/read': (x) => result(x, { contents: [] }),
  'resources/subscribe': (x) => result(x, {}),
  echo: (x) => result(x, text(x.params.arguments.text)),
  act: (x) => result(x, text(`acted ${++state.acted}`)),
};
export const modern = {
  'server/discover': (x) => result(x, { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }),
};

/** A stream of the server's own that ends at once, over and over. */
export const stream = (write) => ({
  on: {
    GET: (x) => {
      x.response.writeHead(200, SSE);
      write(x);
    },
  },
});
export const get = (status, headers, body = '') => ({
  on: { GET: (x) => x.response.writeHead(status, headers).end(body) },
});
export const act = (run) => ({ on: { act: run } });
export const redirect = (status, to) =>
  act((x) => x.response.writeHead(status, { location: to(), 'content-length': 0 }).end());
export const flood = (lines) =>
  stream((x) =>
    pour(
      x.response,
      Buffer.from(
        lines
          .map((line) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...line })}\n\n`)
          .join('')
          .repeat(200),
      ),
    ),
  );
