/** What a transport over HTTP needs to reach a server. It knows nothing of where the values came from. */

import type { LaunchSpec } from './launchSpec';

/** How connections are made: the editor's own settings, never a workspace's (T076). */
export interface NetworkSettings {
  /** False accepts any certificate. */
  readonly strictTls: boolean;
  /** Certificate authorities in PEM, beside those that come with Node. */
  readonly certificates: readonly string[];
  /** Takes those of the operating system as well. */
  readonly systemCertificates: boolean;
  /** Undefined for direct connections. */
  readonly proxy?: ProxySettings;
}

/** How servers are reached through a proxy. */
export interface ProxySettings {
  /** The proxy's address for servers of each scheme. It may hold credentials, which are never shown. */
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are connected to directly, as in `NO_PROXY`: `example.com`, `.example.com`, `*.example.com`, `host:8080`, `*`. */
  readonly bypass: readonly string[];
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: string;
}

/** A remote server, fully resolved: nothing is looked up or expanded after this. */
export interface RemoteSpec {
  readonly url: string;
  /** Sent to the origin of `url` only. */
  readonly headers: Readonly<Record<string, string>>;
  /** `http`: Streamable HTTP; `sse`: HTTP+SSE of 2024-11-05; `auto`: the first, and the second when the server does not know it. */
  readonly transport: 'auto' | 'http' | 'sse';
  readonly network: NetworkSettings;
}

/** True for a server that is reached instead of started. */
export function isRemote(spec: LaunchSpec | RemoteSpec): spec is RemoteSpec {
  return 'url' in spec;
}
