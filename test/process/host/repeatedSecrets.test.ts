/** Servers that repeat the secrets they were sent: none of them stands in what is told of such a server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { diagnosticsReport } from '../../../src/presentation/diagnostics';
import { toFailure } from '../../../src/protocol/failure';
import { GuardedServer, SESSION } from '../../support/guardedServer';
import { NO_FACTS } from '../../support/reportFacts';
import { idOf, json, stream, type HttpExchange } from '../../support/scriptedHttp';
import { withAccount } from './accountSession';
import { browsing } from './browsing';
import { RealHost } from './realHost';

const SERVER = 'user/guarded';

/** Ways in which a server can repeat what it was sent. */
const ECHOES: readonly (readonly [name: string, echo: (exchange: HttpExchange, text: string) => void])[] = [
  ['a refusal of HTTP', ({ response }, text) => void response.writeHead(500).end(text)],
  [
    'a refusal that is cut within a token',
    ({ response }, text) => void response.writeHead(500).end(`${'x'.repeat(500 - 30)}${text}`),
  ],
  [
    'an error with an error status',
    (exchange, text) =>
      json(exchange, 422, {
        jsonrpc: '2.0',
        id: idOf(exchange),
        error: { code: -32000, message: text, data: { text } },
      }),
  ],
  [
    'an error on a stream, and a log message before it',
    (exchange, text) => {
      stream(exchange);
      const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'error', data: text } };
      const error = { jsonrpc: '2.0', id: idOf(exchange), error: { code: -32000, message: text } };
      exchange.response.end(`data: ${JSON.stringify(log)}\n\ndata: ${JSON.stringify(error)}\n\n`);
    },
  ],
];

/** Lets the server repeat these secrets in whatever it says, and looks for them in everything that is told of it. */
async function assertNotQuoted(
  real: RealHost,
  guarded: GuardedServer,
  secrets: readonly string[],
  echo: (typeof ECHOES)[number][1],
): Promise<void> {
  guarded.call = (exchange) => echo(exchange, `you sent ${secrets.join(' and ')}`);
  const failure = await real.call('guarded', 'whoami').then(() => assert.fail(), toFailure);
  const base64 = Buffer.from(secrets.join()).toString('base64');
  guarded.call = (exchange) => echo(exchange, base64);
  const encoded = await real.call('guarded', 'whoami').then(() => assert.fail(), toFailure);
  await real.host.stop(SERVER);
  const told = JSON.stringify([
    failure,
    encoded,
    real.world.logLines,
    diagnosticsReport(NO_FACTS, real.host.servers()),
  ]);
  for (const secret of secrets) assert.ok(!told.includes(secret.slice(0, 13)), `${secret} in ${told}`);
  assert.ok(!told.includes(base64.slice(0, 40)));
  assert.match(JSON.stringify(failure), /\*\*\*/);
}

for (const [name, echo] of ECHOES) {
  test(`${name} that repeats tokens and the session quotes neither (T065, T158, SESS4)`, async () => {
    await GuardedServer.with(async (guarded) => {
      await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
        browsing(real);
        await real.host.signIn(SERVER);
        // Renewed while it runs: what must not be quoted is not known at its start.
        guarded.as.granted.clear();
        await real.call('guarded', 'whoami');
        const secrets = [SESSION, ...guarded.as.granted.keys(), ...guarded.as.refreshTokens.keys()];
        assert.equal(secrets.length, 3);
        await assertNotQuoted(real, guarded, secrets, echo);
      });
    });
  });

  test(`${name} that repeats the token of an account and the session quotes neither (T065, SESS4)`, async () => {
    await withAccount(async ({ real, guarded, switchTo }) => {
      await real.host.start(SERVER);
      // Nothing else is on its way then.
      await real.until(() => real.host.offered('tools').length === 1);
      // Neither the token nor the session is of those that were known at its start.
      const token = switchTo('another');
      await real.call('guarded', 'whoami');
      assert.equal(guarded.http.got('POST').at(-1)?.headers.authorization, `Bearer ${token}`);
      await assertNotQuoted(real, guarded, [SESSION, token], echo);
    });
  });
}
