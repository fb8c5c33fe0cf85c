// @ts-check
// The process of the served VS Code: runs VS Code's server-main.js inside this file's process, and adds what its usual
// front end would do. Started by server.mjs as `node serverMain.mjs <server-main.js> <key file> <arguments…>`.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { pathToFileURL } from 'node:url';

const [, , serverMain = '', keyFile = '', ...args] = process.argv;

endWithParent();
answerSecretKeyRequests();
process.argv = [process.execPath, serverMain, ...args];
await import(pathToFileURL(serverMain).href);

/** The pipe from the process that started us closes when that process ends, however it ends. */
function endWithParent() {
  process.stdin.resume();
  process.stdin.once('close', () => {
    try {
      if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL'); // With the extension hosts.
    } finally {
      process.exit(1);
    }
  });
}

/**
 * The workbench encrypts an extension's secrets with a key, half of which it asks its web server for. Without an
 * answer it keeps secrets in memory only.
 */
function answerSecretKeyRequests() {
  const { emit } = http.Server.prototype;
  /** @type {(this: http.Server, event: string, ...values: any[]) => boolean} */
  const emitOrAnswer = function (event, ...values) {
    const [request, response] = values;
    if (event !== 'request' || request.method !== 'POST' || request.url !== '/mint-key') {
      return Reflect.apply(emit, this, [event, ...values]);
    }
    const allowed = isOurPage(request);
    response.writeHead(allowed ? 200 : 403, { 'content-type': 'application/octet-stream' });
    response.end(allowed ? secretKey() : '');
    return true;
  };
  http.Server.prototype.emit = emitOrAnswer;
}

/**
 * @param {http.IncomingMessage} request
 * @returns {boolean} whether a page of this server asks, which was opened with the connection token
 */
function isOurPage(request) {
  if (request.headers['sec-fetch-site'] !== 'same-origin') return false;
  const flag = args.indexOf('--connection-token-file');
  const tokenFile = flag === -1 ? undefined : args[flag + 1];
  if (tokenFile === undefined) return true;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.includes(`vscode-tkn=${readFileSync(tokenFile, 'utf8').trim()}`);
}

/** @returns {Buffer} 32 bytes, the same ones for as long as the data folder lives */
function secretKey() {
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  return readFileSync(keyFile);
}
