/** HTTP to a server that wants to know who asks: adds what proves it, and answers its challenges. It knows no OAuth. */

import type { Clock } from '../../base/clock';
import { isObject, ownString } from '../../base/json';
import { FailureError, type Failure } from '../../protocol/failure';
import type { HttpReply, HttpRequest } from './httpClient';
import { drain } from './bodies';

/** A request that proves who asks. */
export interface SentRequest extends HttpRequest {
  /** Nobody waits for this one: what proves who asks is renewed for it once, and no person is asked; then the refusal is its answer (T070). */
  readonly isUnattended?: boolean;
  /** It only takes something back: nobody is asked who they are for it, and nothing is renewed. */
  readonly isGoodbye?: boolean;
}

/** What transports send with. */
export interface HttpSender {
  send(request: SentRequest): Promise<HttpReply>;
  /** Resolves when requests go on under other credentials than now; undefined where there are none. */
  changed?(): Promise<void> | undefined;
  close(): void;
}

type HeaderFields = readonly (readonly [name: string, value: string])[];

/** What proves who asks. */
export interface RequestAuthorizer {
  /** Header fields of one request; none when nothing is known. */
  headersFor(
    request: Pick<SentRequest, 'method' | 'url' | 'isGoodbye'>,
    signal: AbortSignal,
  ): Promise<HeaderFields>;
  /** What a refusal means. `retry`: the request is to be sent once more, with new header fields. */
  challenged(answer: Challenge, signal: AbortSignal): Promise<'retry' | Failure>;
  /** Sees the header fields of every answer. */
  noted(headers: HttpReply['headers']): void;
  /** Resolves when requests go on under other credentials than now. */
  changed?(): Promise<void>;
}

/** An answer that asks who we are, or for more rights. */
export interface Challenge {
  readonly status: 401 | 403;
  readonly headers: HttpReply['headers'];
  /** What the request left with. */
  readonly used: HeaderFields;
  /** All that it carried, the configured header fields among it: a server that echoes them is not quoted in that (T065). */
  readonly sent: Readonly<Record<string, string>>;
  /** 1 for the first answer that a request got, 2 for the one to its repetition, and so on. */
  readonly attempt: number;
  /** Of a 403: how many answers of this call wanted more rights, this one included. */
  readonly widenings?: number;
  /** The tool that was called, if that is what the request did. */
  readonly tool?: string;
  /** Nobody waits for the request, and nobody is to be asked anything for its sake. */
  readonly isUnattended?: boolean;
}

/** Whatever the authorizer says, a request is not sent more often (T070). */
const MAX_ATTEMPTS = 6;
const MAX_UNATTENDED = 2;

export class AuthorizedHttp implements HttpSender {
  constructor(
    private readonly http: HttpSender,
    private readonly authorizer: RequestAuthorizer,
    private readonly clock: Clock,
  ) {}

  /** @throws FailureError when the server is not content with who asks; else as {@link HttpClient.send}. */
  async send(request: SentRequest): Promise<HttpReply> {
    const { signal, isUnattended = false } = request;
    const attempts = attemptsFor(request);
    let widenings = 0;
    for (let attempt = 1; ; attempt++) {
      let used: HeaderFields = [];
      let sent = request.headers;
      // A proof holds for one address (RFC 9449 §4.2), which a redirect changes.
      const headersAt = async (url: URL): Promise<HttpRequest['headers']> => {
        used = await this.authorizer.headersFor({ ...request, url }, signal);
        return (sent = withFields(request.headers, used));
      };
      const onHop = (headers: HttpReply['headers']): void => this.authorizer.noted(headers);
      const reply = await this.http.send({ ...request, headersAt, onHop });
      this.authorizer.noted(reply.headers);
      const status = challengeOf(reply);
      if (status === undefined || attempt === attempts) return reply;
      const { headers } = reply;
      drain(reply, this.clock);
      const tool = toolOf(request.body);
      const answer = {
        status,
        headers,
        used,
        sent,
        attempt,
        ...(status === 403 ? { widenings: ++widenings } : {}),
        isUnattended,
        ...(tool === undefined ? {} : { tool }),
      };
      const verdict = await this.authorizer.challenged(answer, signal);
      if (verdict !== 'retry') throw new FailureError(verdict);
    }
  }

  changed(): Promise<void> | undefined {
    return this.authorizer.changed?.();
  }

  close(): void {
    this.http.close();
  }
}

/** A 403 without a word about rights is a refusal like any other, and a web page is not the server's: a portal stands before it (T065). */
function challengeOf({ status, headers, contentType }: HttpReply): 401 | 403 | undefined {
  if (status === 401)
    return contentType === 'text/html' && headers['www-authenticate'] === undefined ? undefined : status;
  return status === 403 && /insufficient_scope/i.test(headers['www-authenticate'] ?? '') ? status : undefined;
}

/** Nobody is bothered for a goodbye, and not much for what nobody waits for. */
function attemptsFor({ isGoodbye = false, isUnattended = false }: SentRequest): number {
  if (isGoodbye) return 1;
  return isUnattended ? MAX_UNATTENDED : MAX_ATTEMPTS;
}

function withFields(headers: HttpRequest['headers'], fields: HeaderFields): Record<string, string> {
  const all = Object.create(null) as Record<string, string>;
  for (const [name, value] of [...Object.entries(headers), ...fields]) all[name.toLowerCase()] = value;
  return all;
}

/** Looked up only when there is something to say about it. */
function toolOf(body: string | undefined): string | undefined {
  if (body?.includes('"tools/call"') !== true) return undefined;
  const message: unknown = JSON.parse(body);
  if (!isObject(message) || ownString(message, 'method') !== 'tools/call') return undefined;
  const { params } = message;
  return isObject(params) ? ownString(params, 'name') : undefined;
}
