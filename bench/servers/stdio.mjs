// @ts-check
/**
 * The one server over stdio that every engine talks to. It knows nothing of the engines.
 *
 *   node stdio.mjs [number of tools]
 *
 * Tools: `echo` (1 KB), `big` (one result of `bytes`, text or rows), `flood` (answers, then notifications at the speed of the
 * pipe for `ms`), `logFlood` (the same with long messages and lines for its log), `longLine` (answers, then one notification of `bytes` in one line), `endless` (a line that never ends).
 */
import process from 'node:process';
import { bigResult, DONE, ECHOED, head, INITIALIZE, readRequest, toolList, UNKNOWN } from './answers.mjs';

const BLOCK_BYTES = 64 * 1024;
const TOOLS = toolList(Number(process.argv[2] ?? 100));
const NOTIFICATION = `${JSON.stringify({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: 7, progress: 123456, total: 1000000, message: 'still working' },
})}\n`;
const FLOOD_BLOCK = Buffer.from(NOTIFICATION.repeat(Math.floor(BLOCK_BYTES / NOTIFICATION.length)));
/** Text that takes long to be made safe to show: little in it can be seen as it is. */
const UNITS = ['a    \t', '\u0001', 'a\u200e', 'e\u0301\u0302\u0303\u0304\u0305', '](', '\u6f22', 'words '];
const LOG_TEXTS = [160, 1_000, 8_000].flatMap((length) =>
  UNITS.map((unit) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)),
);
const LOG_LINES = Buffer.from(LOG_TEXTS.map((text) => `${text}\n`).join(''));
/** Messages, and lines in the place of messages. */
const LOG_MESSAGES = Buffer.from(
  LOG_TEXTS.map((data) => {
    const message = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data } };
    return `${JSON.stringify(message)}\n${data}\n`;
  }).join(''),
);

let pending = '';

function flush() {
  if (pending === '') return;
  const text = pending;
  pending = '';
  process.stdout.write(text);
}

/**
 * Writes the same block again and again, as fast as it is taken.
 * @param {Buffer} block
 * @param {() => boolean} isOver
 * @param {NodeJS.WriteStream} stream
 */
function pour(block, isOver, stream = process.stdout) {
  if (isOver()) return;
  const next = () => pour(block, isOver, stream);
  if (stream.write(block)) setImmediate(next);
  else stream.once('drain', () => setImmediate(next));
}

/** @param {string} id @param {string | undefined} name @param {string} line */
function callTool(id, name, line) {
  if (name === 'echo') {
    pending += `${head(id)}${ECHOED}\n`;
    return;
  }
  /** @type {{ bytes?: number, ms?: number, shape?: string }} */
  const { bytes = 0, ms = 0, shape = 'text' } = JSON.parse(line).params.arguments;
  if (name === 'big') {
    pending += head(id);
    flush();
    process.stdout.write(bigResult(shape, bytes));
    pending += '\n';
    return;
  }
  if (name === 'endless') {
    flush();
    process.stdout.write(
      '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"',
    );
    pour(Buffer.alloc(BLOCK_BYTES * 16, 'x'), () => false);
    return;
  }
  pending += `${head(id)}${DONE}\n`;
  if (name === 'longLine') {
    const before = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"';
    pending += before;
    flush();
    process.stdout.write(Buffer.alloc(bytes, 'z'));
    pending += '"}}\n';
  } else {
    const until = Date.now() + ms;
    const isOver = () => Date.now() >= until;
    if (name === 'logFlood') {
      setImmediate(pour, LOG_MESSAGES, isOver);
      setImmediate(pour, LOG_LINES, isOver, process.stderr);
    } else setImmediate(pour, FLOOD_BLOCK, isOver);
  }
}

/** @param {string} line */
function handle(line) {
  const { id, method, tool } = readRequest(line);
  if (id === undefined) return;
  if (method === 'tools/call') callTool(id, tool, line);
  else if (method === 'tools/list') pending += `${head(id)}${TOOLS}\n`;
  else if (method === 'initialize') pending += `${head(id)}${INITIALIZE}\n`;
  else pending += `${head(id)}${UNKNOWN}\n`;
}

let rest = '';
process.stdin.on('data', (chunk) => {
  // Requests are ASCII and short, so pieces can be joined as text.
  const text = rest + chunk.toString('latin1');
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    handle(text.slice(start, end));
    start = end + 1;
  }
  rest = text.slice(start);
  flush();
});
process.stdin.on('end', () => process.exit(0));
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(0));
