// @ts-check
/**
 * What both bench servers answer, as text built before the first request: what is measured is the side that asks.
 * It knows neither transports nor engines.
 */

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

/** The one tool that is called by name; it needs no arguments. */
const ECHO_TOOL = { name: 'echo', description: 'Answers with 1 KB.', inputSchema: { type: 'object' } };

/** The arguments of an everyday call, and what it answers: 1 KB of text. */
export const ECHO = { name: 'echo', arguments: { path: 'src/extension.ts', limit: 20 } };

/** The end of an answer's line, from behind its id. @param {unknown} result */
export const tail = (result) => `,"result":${JSON.stringify(result)}}`;

/** The begin of an answer's line. @param {string} id as it was written in the request */
export const head = (id) => `{"jsonrpc":"2.0","id":${id}`;

/** @param {string} text */
const textResult = (text) => ({ content: [{ type: 'text', text }], isError: false });

export const INITIALIZE = tail({
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true }, logging: {} },
  serverInfo: { name: 'bench', version: '1.0.0' },
});
export const ECHOED = tail(textResult('x'.repeat(960)));
export const DONE = tail(textResult('done'));
export const UNKNOWN = ',"error":{"code":-32601,"message":"Method not found"}}';

/** @param {number} count */
export const toolList = (count) =>
  tail({ tools: [ECHO_TOOL, ...Array.from({ length: count - 1 }, (_, index) => tool(index))] });

/**
 * A result of about `bytes`: one text, or structured content of many small objects.
 * @param {string} shape `text` or `rows`
 * @param {number} bytes
 * @returns {Buffer} the end of the line, from behind the id
 */
export function bigResult(shape, bytes) {
  if (shape === 'text') {
    const [before, behind] = [',"result":{"content":[{"type":"text","text":"', '"}],"isError":false}}'];
    return Buffer.concat([Buffer.from(before), Buffer.alloc(bytes, 'y'), Buffer.from(behind)]);
  }
  const row = '{"id":123456,"name":"row","value":3.25,"tags":["a","b"],"ok":true},';
  const rows = row.repeat(Math.ceil(bytes / row.length)).slice(0, -1);
  return Buffer.from(`,"result":{"content":[],"structuredContent":{"rows":[${rows}]},"isError":false}}`);
}

/**
 * Reads what matters of a request without parsing it, so that the server is not what limits the calls per second.
 * @param {string} line
 * @returns {{ id: string | undefined, method: string, tool: string | undefined }} `id` as it is written
 */
export function readRequest(line) {
  const id = /"id":("[^"]*"|\d+)/.exec(line)?.[1];
  const method = /"method":"([^"]*)"/.exec(line)?.[1] ?? '';
  const tool = method === 'tools/call' ? /"name":"([^"]*)"/.exec(line)?.[1] : undefined;
  return { id, method, tool };
}
