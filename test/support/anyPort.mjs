// @ts-check
/**
 * Preload for servers whose port is written into them: whatever port one asks for, it gets a free one on loopback, and says which on
 * stderr as soon as it listens.
 */
import net from 'node:net';

const { listen } = net.Server.prototype;

/** @this {net.Server} @param {any[]} given */
net.Server.prototype.listen = function (...given) {
  const [asked, ...rest] = given;
  const port = typeof asked === 'object' && asked !== null ? asked.port : asked;
  if (typeof port !== 'number' && typeof port !== 'string')
    return Reflect.apply(listen, this, [asked, ...rest]);
  this.once('listening', () => {
    const address = this.address();
    if (address !== null && typeof address === 'object')
      process.stderr.write(`listening on free port ${address.port}\n`);
  });
  const callback = given.findLast((one) => typeof one === 'function');
  return Reflect.apply(listen, this, [{ port: 0, host: '127.0.0.1' }, ...(callback ? [callback] : [])]);
};
