/** What can go wrong between this host and a remote server below MCP. */

/** Why there was no answer over the network at all. */
export type NetworkProblem =
  /** Nothing listens there. */
  | 'refused'
  /** The name is unknown, or the name service cannot be reached. */
  | 'unknown-host'
  | 'unreachable'
  /** The connection was cut before an answer began. */
  | 'cut'
  | 'timeout'
  /** The certificate cannot be trusted. */
  | 'certificate'
  /** TLS failed in another way, as when the port speaks plain HTTP. */
  | 'tls'
  /** What answered speaks no HTTP, or its headers are beyond all bounds. */
  | 'not-http'
  /** The address is one that this request must not go to (T080). */
  | 'forbidden-address'
  /** The proxy that the settings name is of no known kind, or a SOCKS proxy that opened no connection. */
  | 'proxy'
  /** The answer is compressed in a way that cannot be undone here. */
  | 'encoding'
  | 'other';
