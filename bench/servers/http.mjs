// @ts-check
/** The one server over Streamable HTTP that every engine talks to: each answer is JSON. Prints its address when it listens. */
import http from 'node:http';
import process from 'node:process';
import { DONE, ECHOED, head, INITIALIZE, readRequest, toolList, UNKNOWN } from './answers.mjs';

const TOOLS = toolList(100);

/** @param {string} method @param {string | undefined} tool */
function answer(method, tool) {
  if (method === 'tools/call') return tool === 'echo' ? ECHOED : DONE;
  if (method === 'tools/list') return TOOLS;
  return method === 'initialize' ? INITIALIZE : UNKNOWN;
}

const server = http.createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text) => (body += text));
  request.on('end', () => {
    const { id, method, tool } = readRequest(body);
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const text = head(id) + answer(method, tool);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string')
    process.stdout.write(`http://127.0.0.1:${address.port}/mcp\n`);
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
