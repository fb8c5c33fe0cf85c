/** A server of the stateful era that wants a token, and the authorization server that it trusts. Both listen on this machine. */

import { EvilAs, type EvilModes } from './evilAs';
import { json, result, ScriptedHttp, type HttpExchange } from './scriptedHttp';

/** The session that it opens. */
export const SESSION = 'session-0123456789-abcdef';

export class GuardedServer {
  /** Answers calls of tools in the place of the usual answer. */
  call: ((exchange: HttpExchange) => void) | undefined;

  /** Answers lists of tools in the place of the usual answer. */
  list: ((exchange: HttpExchange, token: string) => void) | undefined;

  /** What a 401 asks for. */
  scopes = 'tools';

  /** Changes what the server says of itself. */
  describe: (fields: Record<string, unknown>) => void = () => undefined;

  private constructor(
    readonly as: EvilAs,
    readonly http: ScriptedHttp,
  ) {}

  static async start(modes: EvilModes = {}): Promise<GuardedServer> {
    const as = await EvilAs.start(modes);
    const http: ScriptedHttp = await ScriptedHttp.start((exchange) => guarded.take(exchange));
    const guarded = new GuardedServer(as, http);
    return guarded;
  }

  static async with(use: (guarded: GuardedServer) => Promise<void>): Promise<void> {
    const guarded = await GuardedServer.start();
    try {
      await use(guarded);
    } finally {
      await guarded.stop();
    }
  }

  get url(): string {
    return `${this.http.origin}/mcp`;
  }

  /** Header values that the server got. */
  get authorizations(): ReadonlySet<string | undefined> {
    return new Set(this.http.got('POST').map(({ headers }) => headers.authorization));
  }

  async stop(): Promise<void> {
    await this.http.stop();
    await this.as.http.stop();
  }

  private take(exchange: HttpExchange): void {
    const { as } = this;
    const { origin } = this.http;
    const { path, headers, response, body } = exchange;
    if (path.startsWith('/.well-known/oauth-protected-resource')) {
      const fields = { resource: `${origin}/mcp`, authorization_servers: [as.issuer] };
      this.describe(fields);
      return json(exchange, 200, fields);
    }
    if (exchange.method !== 'POST') return void response.writeHead(405).end();
    const token = (headers.authorization ?? '').replace(/^Bearer /, '');
    if (!as.granted.has(token))
      return json(exchange, 401, {}, { 'www-authenticate': `Bearer scope="${this.scopes}"` });
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
        if (this.list) return this.list(exchange, token);
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
