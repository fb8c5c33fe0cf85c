/** What is said about a network that failed below MCP. It may name hosts that a server has chosen. */

import type { NetworkProblem } from '../protocol/failure';

/** A request that nobody answered. @param failure `detail` is the system's own code, such as `ECONNREFUSED`. */
export function describeNetwork(failure: {
  readonly problem: NetworkProblem;
  readonly host: string;
  readonly detail?: string;
}): string {
  const { problem, host, detail } = failure;
  const text = CERTIFICATE_TEXTS.get(detail ?? '') ?? NETWORK_TEXTS[problem];
  const help = problem === 'certificate' && !HELPLESS.has(detail ?? '') ? TRUST_HELP : '';
  return `${text.replace('{host}', () => host)}${detail === undefined ? '' : ` (${detail})`}.${help}`;
}

const NETWORK_TEXTS: Readonly<Record<NetworkProblem, string>> = {
  refused: 'Nothing answers at {host}',
  'unknown-host': 'The host {host} is not known, or the network is down',
  unreachable: '{host} cannot be reached',
  cut: '{host} closed the connection without an answer',
  timeout: '{host} did not answer in time',
  certificate: 'The certificate of {host} is not trusted',
  tls: 'No secure connection to {host} could be made',
  'not-http': '{host} does not answer with HTTP',
  'forbidden-address': '{host} lies on this machine or in a private network, where this request must not go',
  proxy:
    'The proxy for {host} that the settings name opens no connection, or is of a kind that is not supported',
  encoding: '{host} answers in a compression that cannot be undone here',
  other: 'The request to {host} failed',
};

/** Certificates that no other setting of trust makes good, by the code of Node's TLS. */
const CERTIFICATE_TEXTS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'The certificate of {host} has expired'],
  ['CERT_NOT_YET_VALID', 'The certificate of {host} is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate that {host} shows is for another host'],
]);

/** A certificate that may be trusted after all. */
const TRUST_HELP =
  ' If you know whose it is, install the certificate of who signed it on this machine ("http.systemCertificates" in the settings takes those); "http.proxyStrictSSL": false would trust anybody.';

/** Codes of certificates that nobody should trust. */
const HELPLESS: ReadonlySet<string> = new Set([...CERTIFICATE_TEXTS.keys(), 'CERT_REVOKED']);

/** An HTTP answer that is none of MCP. @param answer `isPage` is true for a web page. */
export function describeHttpStatus({
  status,
  isPage,
}: {
  readonly status: number;
  readonly isPage: boolean;
}): string {
  const meaning = HTTP_MEANINGS.get(status);
  const code = `HTTP ${status}${meaning === undefined ? '' : ` (${meaning})`}`;
  // Web servers show a page of their own for an address that they do not know: that is nobody in between. A 407 says itself who that is.
  if (isPage && status !== 404 && status !== 405 && status !== 407)
    return `The server answered with ${code} and a web page instead of MCP (a proxy or a sign-in portal?).`;
  return `The server answered with ${code}${status < 400 ? ', but not with MCP. Is the URL right?' : '.'}`;
}

const HTTP_MEANINGS: ReadonlyMap<number, string> = new Map([
  [400, 'bad request'],
  [401, 'not signed in'],
  [402, 'it wants to be paid'],
  [403, 'not allowed'],
  [404, 'there is nothing at this address'],
  [405, 'this address takes no such requests'],
  [406, 'it has no answer of a type that this host takes'],
  [407, 'the proxy wants to know who you are, which "http.proxyAuthorization" in the settings says'],
  [408, 'the request did not arrive in time'],
  [409, 'it is in conflict with what the server does'],
  [410, 'there is nothing at this address any more'],
  [413, 'the request is too large'],
  [415, 'it takes no requests of this type'],
  [429, 'too many requests'],
  [431, 'the headers are too large'],
  [500, 'an error of the server'],
  [501, 'the server does not do this'],
  [502, 'a proxy cannot reach the server'],
  [503, 'not available now'],
  [504, 'a proxy waited in vain for the server'],
]);
