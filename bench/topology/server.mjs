// @ts-check
/**
 * The MCP server that every topology talks to: newline-delimited JSON on stdio with answers built before the first
 * request, so that what is measured is the host's side. It knows nothing of the topologies.
 *
 * Tools: `echo` (1 KB of text), `big` (one text of `arguments.bytes`), `flood` (answers, then sends progress
 * notifications as fast as the pipe takes them for `arguments.ms`).
 */
import process from 'node:process';
import { LineSplitter } from './lines.mjs';

const TOOL_COUNT = 100;
const FLOOD_BLOCK_BYTES = 64 * 1024;

/** @param {number} index */
function tool(index) {
  return {
    name: `tool_${index}`,
    title: `Tool number ${index}`,
    description: `Answers with prebuilt text. ${'It reads its arguments and changes nothing. '.repeat(5)}`,
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'A path inside the workspace' },
        limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'How many rows to return' },
      },
      required: ['path'],
    },
  };
}

/** @param {unknown} result */
const tail = (result) => `,"result":${JSON.stringify(result)}}\n`;
/** @param {unknown} id */
const head = (id) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)}`;
/** @param {string} text */
const textResult = (text) => ({ content: [{ type: 'text', text }], isError: false });

const INITIALIZE = tail({
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true }, logging: {} },
  serverInfo: { name: 'bench', version: '1.0.0' },
});
const TOOLS = tail({ tools: Array.from({ length: TOOL_COUNT }, (_, index) => tool(index)) });
const ECHO = tail(textResult('x'.repeat(960)));
const DONE = tail(textResult('done'));
const NOTIFICATION = `${JSON.stringify({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: 7, progress: 123456, total: 1000000, message: 'still working' },
})}\n`;
const FLOOD_BLOCK = Buffer.from(NOTIFICATION.repeat(Math.floor(FLOOD_BLOCK_BYTES / NOTIFICATION.length)));

let pending = '';

function flush() {
  if (pending === '') return;
  const text = pending;
  pending = '';
  process.stdout.write(text);
}

/** @param {number} until milliseconds on the clock of `Date.now()` */
function flood(until) {
  if (Date.now() >= until) return;
  const next = () => flood(until);
  if (process.stdout.write(FLOOD_BLOCK)) setImmediate(next);
  else process.stdout.once('drain', () => setImmediate(next));
}

/** @param {unknown} id @param {{ name?: string, arguments?: { bytes?: number, ms?: number } }} params */
function callTool(id, params) {
  if (params.name === 'big') {
    flush();
    process.stdout.write(`${head(id)},"result":{"content":[{"type":"text","text":"`);
    process.stdout.write(Buffer.alloc(params.arguments?.bytes ?? 0, 'y'));
    process.stdout.write('"}],"isError":false}}\n');
    return;
  }
  if (params.name === 'flood') {
    pending += head(id) + DONE;
    setImmediate(flood, Date.now() + (params.arguments?.ms ?? 0));
    return;
  }
  pending += head(id) + ECHO;
}

/** @param {string} line */
function handle(line) {
  const message = JSON.parse(line);
  if (message.id === undefined) return;
  if (message.method === 'tools/call') callTool(message.id, message.params ?? {});
  else if (message.method === 'tools/list') pending += head(message.id) + TOOLS;
  else if (message.method === 'initialize') pending += head(message.id) + INITIALIZE;
  else pending += `${head(message.id)},"error":{"code":-32601,"message":"Method not found"}}\n`;
}

const lines = new LineSplitter(handle);
process.stdin.on('data', (chunk) => {
  lines.push(chunk);
  flush();
});
process.stdin.on('end', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
