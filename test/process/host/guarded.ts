/** A remote server that wants to know who asks, with the authorization server that it trusts, and a browser that nobody sees. */

import type { ConsentEntry } from '../../../src/host/consentQueue';
import { EvilAs } from '../../support/evilAs';
import { json, result, ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import type { RealHost } from './realHost';

/** The session that it opens. */
export const SESSION = 'session-0123456789-abcdef';

/** A server of the stateful era that wants a token, and the authorization server that it trusts. */
export class Guarded {
  /** Answers calls of tools in the place of the usual answer. */
  call: ((exchange: HttpExchange) => void) | undefined;

  private constructor(
    readonly as: EvilAs,
    readonly http: ScriptedHttp,
  ) {}

  static async with(use: (guarded: Guarded) => Promise<void>): Promise<void> {
    const as = await EvilAs.start();
    const http: ScriptedHttp = await ScriptedHttp.start((exchange) => guarded.take(exchange));
    const guarded = new Guarded(as, http);
    try {
      await use(guarded);
    } finally {
      await http.stop();
      await as.http.stop();
    }
  }

  get url(): string {
    return `${this.http.origin}/mcp`;
  }

  /** Header values that the server got. */
  get authorizations(): ReadonlySet<string | undefined> {
    return new Set(this.http.got('POST').map(({ headers }) => headers.authorization));
  }

  private take(exchange: HttpExchange): void {
    const { as } = this;
    const { origin } = this.http;
    const { path, headers, response, body } = exchange;
    if (path.startsWith('/.well-known/oauth-protected-resource'))
      return json(exchange, 200, { resource: `${origin}/mcp`, authorization_servers: [as.issuer] });
    if (exchange.method !== 'POST') return void response.writeHead(405).end();
    const token = (headers.authorization ?? '').replace(/^Bearer /, '');
    if (!as.granted.has(token))
      return json(exchange, 401, {}, { 'www-authenticate': 'Bearer scope="tools"' });
    switch ((body as { readonly method?: string }).method) {
      case 'initialize':
        return result(
          exchange,
          {
            protocolVersion: '2025-11-25',
            capabilities: { tools: {}, logging: {} },
            serverInfo: { name: 'guarded', version: '1' },
          },
          { 'mcp-session-id': SESSION },
        );
      case 'tools/list':
        return result(exchange, { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] });
      case 'tools/call':
        if (this.call) return this.call(exchange);
        return result(exchange, { content: [{ type: 'text', text: 'you are you' }] });
      case 'server/discover':
        return void response.writeHead(400).end();
      default:
        return void response.writeHead(202).end();
    }
  }
}

/** Lets a browser open that nobody sees. @returns what was asked and opened */
export function browsing(real: RealHost): { readonly asked: ConsentEntry[]; readonly opened: string[] } {
  const asked: ConsentEntry[] = [];
  const opened: string[] = [];
  real.world.signIn = {
    expectRedirect: () =>
      Promise.resolve({
        uri: 'http://127.0.0.1:33999/callback',
        open: async (url) => {
          opened.push(url);
          const answer = await fetch(url, { redirect: 'manual' });
          return answer.headers.get('location') ?? undefined;
        },
        dispose: () => undefined,
      }),
  };
  real.host.consent.onDidChange((change) => {
    if (change.kind !== 'added') return;
    asked.push(change.entry);
    real.host.consent.decide(change.entry.id, { kind: 'allow-once' });
  });
  return { asked, opened };
}
