// @ts-check
// A server that can be seen to have started: it appends its arguments to the file that MARKER names, and then offers nothing.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

appendFileSync(process.env['MARKER'] ?? '', `${JSON.stringify(process.argv.slice(2))}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const answer =
    method === 'initialize'
      ? {
          result: {
            protocolVersion: '2025-11-25',
            serverInfo: { name: 'marker', version: '1.0.0' },
            capabilities: {},
          },
        }
      : { error: { code: -32601, message: 'Method not found' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
