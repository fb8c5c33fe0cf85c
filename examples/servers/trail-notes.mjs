// @ts-check
/**
 * Trail Notes: a small MCP server to try a host with. It speaks protocol revision 2026-07-28 over stdio, and
 * the older handshake (`initialize`) to clients that open with it. This file only puts the parts together.
 *
 *     node examples/servers/trail-notes.mjs
 *
 * Standard output carries MCP and nothing else; what is meant for people goes to standard error.
 */
import { randomBytes } from 'node:crypto';
import { McpServer, createRequestStateCodec } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { addAskingTools } from './trail-notes/asking.mjs';
import { addCompletions } from './trail-notes/completions.mjs';
import { addNoteTools } from './trail-notes/notes.mjs';
import { Notebook } from './trail-notes/notebook.mjs';
import { addPrompts } from './trail-notes/prompts.mjs';
import { addResources } from './trail-notes/resources.mjs';
import { addTrailTools } from './trail-notes/trails.mjs';

/** @import {McpRequestContext} from '@modelcontextprotocol/server' */

// State that travels through the client comes back signed, so that it cannot be forged. One process serves all
// the rounds of a call, hence a key that lives as long as the process.
const stateCodec = createRequestStateCodec({ key: randomBytes(32), bind: (ctx) => ctx.mcpReq.method });

/**
 * Builds the server for one connection. The SDK calls it again when a client probes the new protocol first and
 * then falls back to the old one, so nothing here may be shared between calls.
 * @param {McpRequestContext} context which era the connection speaks
 */
function createServer({ era }) {
  const server = new McpServer(
    { name: 'trail-notes', title: 'Trail Notes', version: '1.0.0' },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} },
      instructions: 'Four walks, and a notebook to write about them. Start with the tool list_trails.',
      cacheHints: {
        'server/discover': { ttlMs: 600_000, cacheScope: 'public' },
        'resources/templates/list': { ttlMs: 600_000, cacheScope: 'public' },
      },
      requestState: { verify: stateCodec.verify },
    },
  );
  const notebook = new Notebook();
  addTrailTools(server, notebook);
  addNoteTools(server, notebook);
  addAskingTools(server, notebook, stateCodec);
  addResources(server, notebook, era);
  addPrompts(server);
  addCompletions(server, notebook);
  return server;
}

serveStdio(createServer, { onerror: (error) => console.error(`trail-notes: ${error.message}`) });
console.error('trail-notes: waiting for a client on standard input');
