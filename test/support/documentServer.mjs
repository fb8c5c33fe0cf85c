// @ts-check
/**
 * A server of revision 2025-11-25 in plain lines of JSON, for tests of documents: a note that changes, a picture, a template with
 * suggestions, and a tool that tells which requests came, so that tests see what the product really asked.
 */
import { createInterface } from 'node:readline';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const NOTE = 'doc://note.json';
let changes = 0;
/** @type {string[]} */
const received = [];

/** @param {object} message */
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** @param {string} text */
const textResult = (text) => ({ content: [{ type: 'text', text }] });

/** @type {Record<string, () => unknown>} */
const tools = {
  touch: () => {
    changes++;
    send({ method: 'notifications/resources/updated', params: { uri: 'doc://note.json' } });
    return textResult(`touched ${changes} times`);
  },
  received: () => textResult(`received: ${received.join(', ')}.`),
};

/** @type {Record<string, (uri: string) => object>} */
const contents = {
  'doc://note.json': () => ({ mimeType: 'application/json', text: `{ "changes": ${changes} }` }),
  'doc://pixel.png': () => ({ mimeType: 'image/png', blob: PIXEL }),
};

/** @param {string} uri */
const read = (uri) => contents[uri]?.(uri) ?? { mimeType: 'text/plain', text: `the file ${uri}` };

/** Of every item: data that a host only shows. */
const extras = {
  icons: [{ src: `data:image/png;base64,${PIXEL}`, mimeType: 'image/png' }],
  _meta: { 'com.example/reviewed': { by: 'nobody' } },
};
const inputSchema = { type: 'object', properties: {} };
/** @type {Record<string, (params: any) => unknown>} */
const answers = {
  initialize: () => ({
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'documents', version: '1.0.0', websiteUrl: 'https://documents.test' },
    instructions: 'Read the note first.',
    capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} },
  }),
  'tools/list': () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema, ...extras })) }),
  'tools/call': ({ name }) => tools[name]?.(),
  'resources/list': () => ({
    resources: Object.keys(contents).map((uri) => ({ uri, name: uri.slice('doc://'.length), ...extras })),
  }),
  'resources/templates/list': () => ({
    resourceTemplates: [{ uriTemplate: 'doc://files/{name}', name: 'file', ...extras }],
  }),
  'prompts/list': () => ({ prompts: [{ name: 'summary', ...extras }] }),
  'resources/read': ({ uri }) => ({
    contents: [{ uri, ...read(uri), ...(uri === NOTE ? { _meta: { 'com.example/part': changes } } : {}) }],
    ...(uri === NOTE ? { _meta: { 'com.example/whole': true } } : {}),
  }),
  'completion/complete': ({ argument }) => ({
    completion: { values: ['alpha', 'beta'].filter((value) => value.startsWith(argument.value)) },
  }),
  'resources/subscribe': ({ uri }) => void received.push(`subscribe ${uri}`) ?? {},
  'resources/unsubscribe': ({ uri }) => void received.push(`unsubscribe ${uri}`) ?? {},
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || method === undefined) return;
  const answer = answers[method];
  if (answer) send({ id, result: answer(params) });
  else send({ id, error: { code: -32601, message: 'Method not found' } });
});
