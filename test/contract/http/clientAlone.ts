/** The HTTP client alone, before a server that the test plays, with time in its hands. */

import { HttpClient, type HttpReply, type HttpRequest } from '../../../src/transport/http/httpClient';
import { NetworkError } from '../../../src/transport/http/networkFailure';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';

/** Runs `use` with a server that answers so; `send` asks it for `/x` unless it is told otherwise. */
export async function withServer(
  answer: (exchange: HttpExchange) => void,
  use: (
    send: (change?: Partial<HttpRequest>) => Promise<HttpReply>,
    http: ScriptedHttp,
    clock: FakeClock,
  ) => Promise<void>,
): Promise<void> {
  const http = await ScriptedHttp.start(answer);
  const clock = new FakeClock();
  const client = new HttpClient(DIRECT, clock);
  const send = (change: Partial<HttpRequest> = {}): Promise<HttpReply> =>
    client.send({
      method: 'GET',
      url: new URL(`${http.origin}/x`),
      headers: {},
      signal: new AbortController().signal,
      ...change,
    });
  try {
    await use(send, http, clock);
  } finally {
    client.close();
    await http.stop();
  }
}

/** True for a failure of the network of this kind. */
export function problem(kind: NetworkError['problem']): (error: unknown) => boolean {
  return (error) => error instanceof NetworkError && error.problem === kind;
}
