/** Writes messages as lines, all of one turn in one write. It knows streams only as far as a dead one must not throw. */

import type { Writable } from 'node:stream';

import type { JsonRpcMessage } from '../protocol/jsonrpc';

/** Characters after which a turn's messages are written without waiting for its end. */
const WRITE_AT = 1_048_576;

/** The writing half of a connection. */
export class LineWriter {
  private lines: string[] = [];
  private queued = 0;
  private draining = false;
  private dead = false;

  /** @param onDead called once when the peer no longer takes anything; what is still queued is dropped. */
  constructor(
    private readonly stream: Writable,
    private readonly onDead: () => void,
  ) {
    stream.on('drain', () => {
      this.draining = false;
    });
    // Without a listener a write to a process that has gone would end this one (EPIPE).
    stream.on('error', () => this.die());
    stream.on('close', () => this.die());
  }

  /** True while the peer is not taking what was written. */
  get isCongested(): boolean {
    return this.draining;
  }

  /** Queues one line. @throws RangeError when the message nests too deep to be written. */
  send(message: JsonRpcMessage): void {
    if (this.dead) return;
    const line = `${textOf(message)}\n`;
    if (this.lines.length === 0) process.nextTick(() => this.flush());
    this.lines.push(line);
    this.queued += line.length;
    if (this.queued > WRITE_AT) this.flush();
  }

  /** Writes what is queued and closes the stream. */
  end(): void {
    if (this.dead) return;
    this.flush();
    this.dead = true;
    this.stream.end();
  }

  private flush(): void {
    if (this.lines.length === 0) return;
    const text = this.lines.join('');
    this.lines = [];
    this.queued = 0;
    if (this.dead) return;
    this.draining = !this.stream.write(text);
  }

  private die(): void {
    if (this.dead) return;
    this.dead = true;
    this.lines = [];
    this.onDead();
  }
}

/** The envelope of a request of ours is written by hand, which is quicker, and such are almost all messages. */
function textOf(message: JsonRpcMessage): string {
  if (!('method' in message && 'id' in message && typeof message.id === 'number') || !message.params)
    return JSON.stringify(message);
  const { id, method, params } = message;
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`;
}
