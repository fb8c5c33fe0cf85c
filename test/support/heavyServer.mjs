// A server that speaks proper MCP (2025-11-25) and offers far more than is good: `node heavyServer.mjs`. Each cursorless list is endless
// or as long as its bounds allow; `tools/call` with the name `dense` answers with as many costly objects as its argument says.
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const PAGE = 500;
/** Each part of a resource at its longest, in characters that take two bytes. */
const WIDE = '\u4e00';
const URI = `x:${WIDE.repeat(8_000)}`;
const NAME = WIDE.repeat(1_000);
const TITLE = WIDE.repeat(300);
const DESCRIPTION = WIDE.repeat(4_096);

async function write(text) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const send = (message) => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** One page of a list, written item by item. */
async function writePage(id, property, next, items) {
  await write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"nextCursor":"${next}","${property}":[`);
  let first = true;
  for (const item of items) {
    await write(`${first ? '' : ','}${JSON.stringify(item)}`);
    first = false;
  }
  await write(']}}\n');
}

/** `count` things made of their number in the whole list. */
function* page(number, count, make) {
  for (let index = number * count; index < (number + 1) * count; index++) yield make(index);
}

/** `{"25":0},` is the densest JSON known: 32 bytes of heap for each byte of text. */
async function writeDense(objects) {
  const block = '{"25":0},'.repeat(10_000);
  for (let left = objects; left > 0; left -= 10_000)
    await write(left < 10_000 ? block.slice(0, left * 9) : block);
}

const lists = {
  /** Fat prompts without end. */
  'prompts/list': (id, number) =>
    writePage(
      id,
      'prompts',
      number + 1,
      page(number, 40, (index) => ({
        name: `p${index}`,
        arguments: Array.from({ length: 100 }, (_, at) => ({
          name: `${'n'.repeat(100)}${at}`,
          description: 'd'.repeat(5_000),
        })),
      })),
    ),
  /** Five thousand resources, each as large as one may be. */
  'resources/list': (id, number) =>
    writePage(
      id,
      'resources',
      number + 1,
      page(number, PAGE, (index) => ({
        uri: `${URI}${index}`,
        name: NAME,
        title: TITLE,
        description: DESCRIPTION,
      })),
    ),
  /** Small templates without end. */
  'resources/templates/list': (id, number) =>
    writePage(
      id,
      'resourceTemplates',
      number + 1,
      page(number, PAGE, (index) => ({ uriTemplate: `x:{v${index}}`, name: `t${index}` })),
    ),
  /** One tool whose schema is 5 MB of small objects. */
  async 'tools/list'(id) {
    await write(
      `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":[{"name":"t","inputSchema":{"type":"object","x":[`,
    );
    for (let block = 0; block < 60; block++) await write('{"a":[]},'.repeat(10_000));
    await write('0]}}]}}\n');
  },
};

const requests = {
  initialize: (id) =>
    send({
      id,
      result: {
        protocolVersion: '2025-11-25',
        serverInfo: { name: 'heavy', version: '1.0.0' },
        capabilities: { tools: {}, resources: {}, prompts: {} },
      },
    }),
  async 'tools/call'(id, { arguments: given }) {
    await write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[],"structuredContent":[`);
    await writeDense(given.objects);
    await write('0]}}\n');
  },
};

process.stdout.on('error', () => process.exit(0));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (method === undefined || id === undefined) return;
  if (lists[method]) void lists[method](id, Number(params.cursor ?? 0));
  else if (requests[method]) void requests[method](id, params);
  else void send({ id, error: { code: -32601, message: 'Method not found' } });
});
lines.on('close', () => process.exit(0));
