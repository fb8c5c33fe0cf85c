// @ts-check
/**
 * A server of revision 2025-11-25 in plain lines of JSON, for tests in the editor: `ask` takes no arguments, asks for a model
 * answer and returns it; `hello` just answers; `note` is a resource that changes with every call of `ask`. The environment variable `ASKS`
 * may hold what it asks, as JSON, `ASK` another name for the tool, and `PAD` how many characters more its question has.
 */
import { createInterface } from 'node:readline';

const asks = {
  systemPrompt: 'Answer in one word.',
  messages: [{ role: 'user', content: { type: 'text', text: 'What is the weather?' } }],
  maxTokens: 50,
  ...JSON.parse(process.env.ASKS ?? '{}'),
};
if (process.env.PAD !== undefined)
  asks.messages[0].content.text = `the beginning ${'y'.repeat(Number(process.env.PAD))} the very end`;
const askName = process.env.ASK ?? 'ask';
let calls = 0;
let nextId = 1;
/** @type {Map<number, (message: any) => void>} */
const waiting = new Map();

/** @param {object} message */
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** @param {string} text */
const textResult = (text) => ({ content: [{ type: 'text', text }] });

/** @param {any} message */
async function ask(message) {
  const id = nextId++;
  const answer = await new Promise((resolve) => {
    waiting.set(id, resolve);
    send({ id, method: 'sampling/createMessage', params: asks });
  });
  calls++;
  send({ method: 'notifications/resources/updated', params: { uri: 'test://note.txt' } });
  const text = answer.error
    ? `refused with ${answer.error.code}`
    : `the model said: ${textOf(answer.result.content)}${endOf(answer.result)}`;
  send({ id: message.id, result: textResult(text) });
}

/** @param {any} content */
const textOf = (content) =>
  [content]
    .flat()
    .map(({ type, text, name, input }) =>
      type === 'tool_use' ? `use of ${name} with ${JSON.stringify(input)}` : text,
    )
    .join(' ');

/** What a person says of the end of an answer of theirs, unless it is the usual one. @param {any} result */
const endOf = ({ model, stopReason }) =>
  model === 'human' && stopReason !== 'endTurn' ? ` (${stopReason})` : '';

const inputSchema = { type: 'object', properties: {} };
/** @type {Record<string, (message: any) => unknown>} */
const answers = {
  initialize: () => ({
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'sampling-fixture', version: '1.0.0' },
    capabilities: { tools: {}, resources: { subscribe: true } },
  }),
  'tools/list': () => ({
    tools: [
      { name: askName, inputSchema },
      { name: 'hello', inputSchema },
    ],
  }),
  'resources/list': () => ({
    resources: [{ uri: 'test://note.txt', name: 'note.txt', mimeType: 'text/plain' }],
  }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': () => ({
    contents: [{ uri: 'test://note.txt', mimeType: 'text/plain', text: `asked ${calls} times` }],
  }),
  'resources/subscribe': () => ({}),
  'resources/unsubscribe': () => ({}),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  } else if (message.method === 'tools/call' && message.params.name === askName) void ask(message);
  else if (message.method === 'tools/call')
    send({ id: message.id, result: textResult('hello from the fixture') });
  else if (message.id !== undefined) {
    const answer = answers[message.method];
    if (answer) send({ id: message.id, result: answer(message) });
    else send({ id: message.id, error: { code: -32601, message: 'Method not found' } });
  }
});
