// A server that misbehaves in one way per mode, on purpose, in raw bytes: node evilStdio.mjs <mode> [arguments]
// Without a mode it prints the names of all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';

const [mode, ...args] = process.argv.slice(2);
const MIB = 1_048_576;

const keepAlive = () => setInterval(() => undefined, 1_000);
const message = (value) => `${JSON.stringify({ jsonrpc: '2.0', ...value })}\n`;
const ready = () => process.stdout.write(message({ method: 'ready', params: { pid: process.pid } }));

/** Writes all of it, waiting for the reader. */
async function write(bytes, stream = process.stdout) {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

async function writeMany(bytes, times, stream = process.stdout) {
  for (let count = 0; count < times; count += 1) await write(bytes, stream);
}

/** Answers every request with its params, until stdin ends. */
function echo() {
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const { id, method, params } = JSON.parse(line);
      process.stdout.write(message({ id, result: { method, params: params ?? null } }));
    }
  });
}

const modes = {
  echo() {
    echo();
    ready();
  },

  // How the process ends.
  exit() {
    process.exitCode = Number(args[0]);
    ready();
  },
  crash() {
    process.stdout.write(message({ method: 'ready' }), () => process.kill(process.pid, args[0]));
    keepAlive();
  },
  ignoreEnd() {
    keepAlive();
    ready();
  },
  ignoreTerminate() {
    process.on('SIGTERM', () => undefined);
    keepAlive();
    ready();
  },
  busy() {
    process.on('SIGTERM', () => undefined);
    writeSync(1, message({ method: 'ready' }));
    for (;;);
  },
  stopped() {
    process.stdout.write(message({ method: 'ready' }), () => process.kill(process.pid, 'SIGSTOP'));
    keepAlive();
  },
  /** A child in the same group that outlives everything gentle. */
  grandchild() {
    spawn(process.execPath, [process.argv[1], 'stubborn'], { stdio: 'inherit' });
    process.stdin.on('end', () => process.exit(0)).resume();
  },
  /** The leader goes at once, its child stays and keeps the output open. */
  leaderExits() {
    spawn(process.execPath, [process.argv[1], 'stubborn'], { stdio: 'inherit' }).unref();
    setTimeout(() => process.exit(0), 200);
  },
  /** A child that leaves the group and the session. */
  escape() {
    spawn(process.execPath, [process.argv[1], 'stubborn'], {
      stdio: ['ignore', 'inherit', 'ignore'],
      detached: true,
    });
    process.stdin.on('end', () => process.exit(0)).resume();
  },
  stubborn() {
    process.on('SIGTERM', () => undefined);
    process.on('SIGHUP', () => undefined);
    keepAlive();
    ready();
  },

  // Half-dead pipes.
  closeStdout() {
    process.stdout.write(message({ method: 'ready' }), () => closeSync(1));
    keepAlive();
  },
  closeStdin() {
    process.stdin.destroy();
    closeSync(0);
    keepAlive();
    ready();
  },
  partial() {
    process.stdout.write(`${message({ method: 'ready' })}{"jsonrpc":"2.0","id`);
  },
  neverReads() {
    keepAlive();
    ready();
  },
  lastWords() {
    process.stderr.write('first\n');
    process.stderr.write('last words without an end');
    process.exitCode = 3;
  },

  // What is on the line.
  async endless() {
    await write(args[0] === 'text' ? 'progress ' : '{"jsonrpc":"2.0","method":"');
    const block = Buffer.alloc(MIB, 0x61);
    for (;;) await write(block);
  },
  /** One byte now and then, for ever. */
  async trickle() {
    await write('{');
    for (;;) {
      await write(' ');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  async flood() {
    const block = message({ method: 'flood', params: { text: 'x'.repeat(100) } }).repeat(400);
    for (;;) await write(block);
  },
  async prose() {
    await writeMany(`${'lorem ipsum '.repeat(80)}\n`.repeat(100), Number(args[0]));
    ready();
  },
  async text() {
    const block = Buffer.alloc(MIB, 0x61);
    await write('{"jsonrpc":"2.0","result":{"content":[{"type":"text","text":"');
    await writeMany(block, Number(args[0]));
    await write('"}]},"id":1}\n');
    echo();
  },
  async dense() {
    await write('{"jsonrpc":"2.0","id":7,"result":[');
    await writeMany('{"25":0},'.repeat(10_000), Number(args[0]));
    await write('0]}\n');
    ready();
  },
  async deep() {
    const levels = Number(args[0]);
    await write(`{"jsonrpc":"2.0","id":7,"result":${'['.repeat(levels)}${']'.repeat(levels)}}\n`);
    ready();
  },
  noise() {
    process.stdout.write(
      'Server started on stdio\n\n\u001b[32mgreen\u001b[0m\n{"not":"rpc"}\n[]\nnull\n1\n   \n{"broken":\n',
    );
    process.stdout.write('[INFO] listening\n');
    ready();
  },
  bom() {
    const line = message({ method: 'ready' });
    process.stdout.write(`\ufeff${line}\ufeff${line}`);
  },
  crlf() {
    process.stdout.write(message({ method: 'ready' }).repeat(2).replaceAll('\n', '\r\n'));
  },
  utf16() {
    process.stdout.write(
      Buffer.from(`${args[0] === 'bom' ? '\ufeff' : ''}${message({ method: 'ready' })}`, 'utf16le'),
    );
    keepAlive();
  },
  async bytewise() {
    for (const byte of Buffer.from(message({ method: 'ready', params: { text: 'é😀\u2028' } }))) {
      writeSync(1, Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  thousand() {
    const lines = Array.from({ length: 1_000 }, (_, index) => message({ method: 'n', params: { index } }));
    process.stdout.write(lines.join(''));
  },
  batch() {
    process.stdout.write(
      `[${'{"jsonrpc":"2.0","method":"n"},'.repeat(99)}{"jsonrpc":"2.0","method":"ready"}]\n`,
    );
  },
  invalidUtf8() {
    process.stdout.write(
      Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"text":"\xff\xfe \xc0\xaf \xe2\x82"}}\n', 'latin1'),
    );
    ready();
  },

  // stderr.
  async stderrFlood() {
    const block = `${'e'.repeat(99)}\n`.repeat(10_000);
    await writeMany(block, Number(args[0]), process.stderr);
    echo();
    ready();
  },
  async stderrLine() {
    await writeMany(Buffer.alloc(MIB, 0x65), Number(args[0]), process.stderr);
    await write('\nnext line\n', process.stderr);
    echo();
    ready();
  },
  environment() {
    process.stdout.write(
      message({ method: 'environment', params: { env: process.env, argv: args, cwd: process.cwd() } }),
    );
  },
};

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
if (mode === undefined) process.stdout.write(Object.keys(modes).join('\n'));
else await modes[mode]();
