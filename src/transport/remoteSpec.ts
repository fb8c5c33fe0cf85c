/** What a transport over HTTP needs to reach a server. It knows nothing of where the values came from. */

import type { LaunchSpec } from './launchSpec';

/** How connections are made: the editor's own settings, never a workspace's (T076). */
export interface NetworkSettings {
  /** False accepts any certificate. */
  readonly strictTls: boolean;
  /** Certificate authorities in PEM; those that come with Node when there are none. */
  readonly certificates: readonly string[];
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
