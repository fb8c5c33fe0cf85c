// @ts-check
/**
 * A server made with the official SDK 2.x, for runs of the client against both eras:
 *
 *     node sdk2Server.mjs stdio|http|sessions [both|modern|legacy]
 *
 * `http` serves each request by itself, `sessions` the stateful era with sessions and streams of the server's own.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  McpServer,
  ResourceNotFoundError,
  ResourceTemplate,
  createMcpHandler,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { addTools } from './sdk2Tools.mjs';

const [mode = 'stdio', eras = 'both'] = process.argv.slice(2);
const stateCodec = createRequestStateCodec({ key: randomBytes(32), bind: (ctx) => ctx.mcpReq.method });
/** What outlives a request: over HTTP every one of them has a server of its own. */
const notes = new Map([['first', 'note first, version 1']]);
const PEOPLE = ['ann', 'ben', 'beth'];

/** @type {import('./sdk2Tools.mjs').World['changed']} */
let publish = () => undefined;
/** @type {import('./sdk2Tools.mjs').World['updated']} */
let publishUpdate = () => undefined;

/** @param {{ era: 'legacy' | 'modern' }} context */
function build({ era }) {
  const server = new McpServer(
    { name: 'sdk2-fixture', title: 'SDK 2 fixture', version: '2.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
      instructions: 'Nothing to do here.',
      cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'private' } },
      requestState: { verify: stateCodec.verify },
    },
  );
  const subscribed = new Set();
  const isShared = mode === 'http' && era === 'modern';
  addTools(
    server,
    {
      isShared,
      notes,
      changed: (what) => {
        if (isShared) publish(what);
        else if (what === 'tools') server.sendToolListChanged();
        else server.sendResourceListChanged();
      },
      updated: (uri) => {
        if (isShared) publishUpdate(uri);
        else if (era === 'modern' || subscribed.has(uri)) void server.server.sendResourceUpdated({ uri });
      },
    },
    stateCodec,
  );
  addResources(server);
  addPrompts(server);
  if (era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', ({ params }) => {
      subscribed.add(params.uri);
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      subscribed.delete(params.uri);
      return {};
    });
  }
  server.server.setRequestHandler('completion/complete', ({ params }) => {
    const family = params.context?.arguments?.['family'];
    const values = PEOPLE.filter((one) => one.startsWith(params.argument.value)).map((one) =>
      family === undefined ? one : `${one} ${family}`,
    );
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return server;
}

/** @param {McpServer} server */
function addResources(server) {
  const template = new ResourceTemplate('note://{name}', {
    list: () => ({ resources: [...notes.keys()].map((name) => ({ uri: `note://${name}`, name })) }),
  });
  server.registerResource('note', template, { mimeType: 'text/plain' }, ({ href }, { name }) => {
    const found = notes.get(String(name));
    if (found === undefined) throw new ResourceNotFoundError(href);
    return { contents: [{ uri: href, mimeType: 'text/plain', text: found }] };
  });
  server.registerResource('oracle', 'oracle://words', {}, ({ href }, ctx) => {
    const words = inputResponse(ctx.mcpReq.inputResponses, 'words');
    if (words.kind !== 'sampling') {
      const content = { type: /** @type {const} */ ('text'), text: 'oracle' };
      const words = inputRequired.createMessage({ messages: [{ role: 'user', content }], maxTokens: 5 });
      return inputRequired({ inputRequests: { words } });
    }
    const blob = Buffer.from(JSON.stringify(words.result.content)).toString('base64');
    return { contents: [{ uri: href, mimeType: 'application/json', blob }] };
  });
}

/** @param {McpServer} server */
function addPrompts(server) {
  /** @type {any} */
  const argsSchema = fromJsonSchema({
    type: 'object',
    properties: { name: { type: 'string' }, family: { type: 'string' } },
    required: ['name'],
  });
  server.registerPrompt('greet', { title: 'Greet', argsSchema }, (/** @type {any} */ { name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${name}.` } }],
  }));
  server.registerPrompt('places', {}, (/** @type {any} */ ctx) => {
    const roots = inputResponse(ctx.mcpReq.inputResponses, 'roots');
    if (roots.kind !== 'roots') return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    return {
      messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(roots.roots) } }],
    };
  });
}

/** The stateful era with a session per client. */
function serveSessions() {
  /** @type {Map<string, NodeStreamableHTTPServerTransport>} */
  const sessions = new Map();
  createServer(async (request, response) => {
    const given = request.headers['mcp-session-id'];
    const known = typeof given === 'string' ? sessions.get(given) : undefined;
    if (known) return void (await known.handleRequest(request, response));
    if (given !== undefined) return void response.writeHead(404).end();
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => {
        sessions.delete(id);
        console.error('session closed');
      },
    });
    await build({ era: 'legacy' }).connect(transport);
    await transport.handleRequest(request, response);
  }).listen(0);
}

function serveRequests() {
  const handler = createMcpHandler(build, { legacy: eras === 'modern' ? 'reject' : 'stateless' });
  publish = (what) => {
    if (what === 'tools') handler.notify.toolsChanged();
    else handler.notify.resourcesChanged();
  };
  publishUpdate = (uri) => handler.notify.resourceUpdated(uri);
  createServer(toNodeHandler(handler)).listen(0);
}

if (mode === 'http') serveRequests();
else if (mode === 'sessions') serveSessions();
else if (eras === 'legacy') await build({ era: 'legacy' }).connect(new StdioServerTransport());
else serveStdio(build, { legacy: eras === 'modern' ? 'reject' : 'serve' });
