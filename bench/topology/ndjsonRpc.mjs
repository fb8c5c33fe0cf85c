// @ts-check
/**
 * `vscode-jsonrpc` on newline-delimited JSON, set up for throughput: responses resolve at once, all messages of a turn
 * leave in one write, incoming notifications and requests hold the stream back, cancellation is MCP's.
 */
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationReceiverStrategy,
  Disposable,
} from 'vscode-jsonrpc';
import { Batch } from './flush.mjs';
import { LineSplitter } from './lines.mjs';

/** @typedef {import('vscode-jsonrpc').Message} Message */
/** @typedef {import('vscode-jsonrpc').MessageWriter} MessageWriter */
/** @typedef {Message & { method?: string, params?: unknown, result?: unknown }} AnyMessage */

const HIGH_WATER = 1000;
const LOW_WATER = 250;
/** Lines shorter than this are not remembered as large. */
const NOTABLE_BYTES = 64 * 1024;

/** A cancellation token with one listener: a tenth of the cost of the library's `CancellationTokenSource` per call. */
export class CallToken {
  isCancellationRequested = false;
  /** @type {((event: unknown) => unknown) | undefined} */
  #listener;

  /** @type {import('vscode-jsonrpc').Event<unknown>} */
  onCancellationRequested = (listener) => {
    this.#listener = listener;
    return { dispose: () => (this.#listener = undefined) };
  };

  cancel() {
    this.isCancellationRequested = true;
    this.#listener?.(undefined);
  }
}

export class NdjsonReader extends AbstractMessageReader {
  #queued = 0;
  #stream;
  #tap;
  /** Bytes of the line that an object result came in. @type {WeakMap<object, number>} */
  #sizes = new WeakMap();
  /** @type {import('vscode-jsonrpc').DataCallback} */
  #callback = () => undefined;

  /**
   * @param {import('node:stream').Readable} stream
   * @param {((method: string, params: unknown) => void) | undefined} tap takes notifications before the connection
   *   queues them; undefined leaves them to the connection
   */
  constructor(stream, tap) {
    super();
    this.#stream = stream;
    this.#tap = tap;
  }

  /**
   * Counts what the connection has taken out of its queue. With `maxParallelism` set, responses never come here.
   * @type {import('vscode-jsonrpc').MessageStrategy}
   */
  strategy = {
    handleMessage: (message, next) => {
      if (--this.#queued === LOW_WATER && this.#stream.isPaused()) this.#stream.resume();
      return next(message);
    },
  };

  /** @param {unknown} result */
  bytesOf(result) {
    return typeof result === 'object' && result !== null ? (this.#sizes.get(result) ?? 0) : 0;
  }

  /**
   * Settles a call that the server has not answered; its late answer is then unknown to the connection and dropped.
   * @param {number} id @param {string} message
   */
  fail(id, message) {
    this.#callback(/** @type {Message} */ ({ jsonrpc: '2.0', id, error: { code: -32800, message } }));
  }

  /** @param {import('vscode-jsonrpc').DataCallback} callback */
  listen(callback) {
    this.#callback = callback;
    const lines = new LineSplitter((line, bytes) => this.#receive(JSON.parse(line), bytes));
    /** @param {Buffer} chunk */
    const onData = (chunk) => lines.push(chunk);
    const onEnd = () => this.fireClose();
    this.#stream.on('data', onData).on('end', onEnd);
    return Disposable.create(() => this.#stream.off('data', onData).off('end', onEnd));
  }

  /** @param {AnyMessage} message @param {number} bytes */
  #receive(message, bytes) {
    if (message.method === undefined) {
      const { result } = message;
      if (bytes > NOTABLE_BYTES && typeof result === 'object' && result !== null)
        this.#sizes.set(result, bytes);
    } else if (message.method.startsWith('$/')) {
      return; // the library's own methods: without params, `$/cancelRequest` makes its callback throw
    } else if (this.#tap !== undefined && !('id' in message)) {
      this.#tap(message.method, message.params);
      return;
    } else if (++this.#queued === HIGH_WATER) this.#stream.pause();
    this.#callback(message);
  }
}

/** Writes all messages of a turn at once. @implements {MessageWriter} */
export class NdjsonWriter extends AbstractMessageWriter {
  #outbox;
  #stream;
  #written = Promise.resolve();

  /** @param {import('node:stream').Writable} stream */
  constructor(stream) {
    super();
    this.#stream = stream;
    /** @type {Batch<string>} */
    this.#outbox = new Batch('tick', (lines) => stream.write(lines.join('')));
    stream.on('error', (error) => this.fireError(error)).on('close', () => this.fireClose());
  }

  /** @param {Message} message */
  write(message) {
    this.#outbox.add(`${JSON.stringify(message)}\n`);
    return this.#written;
  }

  end() {
    this.#stream.end();
  }
}

/**
 * The connection's options for a session with an MCP server.
 * @param {NdjsonReader} reader
 * @returns {import('vscode-jsonrpc').ConnectionOptions}
 */
export function connectionOptions(reader) {
  return {
    maxParallelism: 1e6,
    messageStrategy: reader.strategy,
    cancellationStrategy: {
      receiver: CancellationReceiverStrategy.Message,
      sender: {
        async sendCancellation(connection, id) {
          await connection.sendNotification('notifications/cancelled', { requestId: id });
          reader.fail(Number(id), 'cancelled');
        },
        cleanup: () => undefined,
      },
    },
  };
}
