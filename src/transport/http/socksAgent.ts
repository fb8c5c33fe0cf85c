/** Connections through a SOCKS proxy. Few have one, and its code is large, so it is loaded when it is needed. */

import type http from 'node:http';
import type { Socket } from 'node:net';

import { SocksProxyAgent } from 'socks-proxy-agent';

import { NetworkError } from './networkFailure';

/** @param proxy its address, with a scheme that has the proxy look names up */
export function socksAgent(proxy: string, options: http.AgentOptions): SocksProxyAgent {
  return new SocksAgent(proxy, options);
}

class SocksAgent extends SocksProxyAgent {
  /** What its errors say is in their messages only. */
  override async connect(...[request, options]: Parameters<SocksProxyAgent['connect']>): Promise<Socket> {
    try {
      return await super.connect(request, options);
    } catch {
      throw new NetworkError('proxy', options.host ?? '');
    }
  }
}
