/** A SOCKS proxy that leads every name to one port of this machine, and says what it was asked for (RFC 1928, RFC 1929, SOCKS4a). */

import { connect, createServer, type Server, type Socket } from 'node:net';

/** @param onAsked hears the version, the name and port that are asked for, and who asks. */
export function socksProxy(
  target: number,
  onAsked: (asked: { version: number; to: string; user: string | undefined }) => void,
): Server {
  return createServer((socket) => {
    void serve(socket, target, onAsked).catch(() => socket.destroy());
  });
}

async function serve(
  socket: Socket,
  target: number,
  onAsked: (asked: { version: number; to: string; user: string | undefined }) => void,
): Promise<void> {
  const bytes = new Bytes(socket);
  const version = await bytes.byte();
  if (version === 4) {
    await bytes.byte();
    const port = (await bytes.take(2)).readUInt16BE();
    await bytes.take(4);
    await bytes.text();
    onAsked({ version, to: `${await bytes.text()}:${port}`, user: undefined });
    return lead(bytes, target, Buffer.from([0, 90, 0, 0, 0, 0, 0, 0]));
  }
  const methods = await bytes.take(await bytes.byte());
  const wantsName = methods.includes(2);
  socket.write(Buffer.from([5, wantsName ? 2 : 0]));
  let user: string | undefined;
  if (wantsName) {
    await bytes.byte();
    user = (await bytes.take(await bytes.byte())).toString();
    user += `:${(await bytes.take(await bytes.byte())).toString()}`;
    socket.write(Buffer.from([1, 0]));
  }
  const [, , , kind] = await bytes.take(4);
  const host = kind === 3 ? (await bytes.take(await bytes.byte())).toString() : 'an address';
  onAsked({ version, to: `${host}:${(await bytes.take(2)).readUInt16BE()}`, user });
  lead(bytes, target, Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
}

function lead({ socket }: Bytes, target: number, answer: Buffer): void {
  const onward = connect(target, '127.0.0.1', () => {
    socket.write(answer);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}

/** Reads exactly as much as is asked for. */
class Bytes {
  constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
  }

  async take(count: number): Promise<Buffer> {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const found = this.socket.read(count) as Buffer | null;
      if (found) return found;
      await new Promise((resolve, reject) => {
        this.socket.once('readable', resolve);
        this.socket.once('end', reject);
      });
    }
  }

  async byte(): Promise<number> {
    return (await this.take(1)).readUInt8();
  }

  /** Up to a zero. */
  async text(): Promise<string> {
    const codes: number[] = [];
    for (let code = await this.byte(); code !== 0; code = await this.byte()) codes.push(code);
    return String.fromCharCode(...codes);
  }
}
