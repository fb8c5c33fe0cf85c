/** Connections for a server: kept for the next request, through the proxy that the settings name, checked against certificates. */

import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

import { isLoopback } from '../../base/loopback';
import type { NetworkSettings, ProxySettings } from '../remoteSpec';
import { latePart } from '../latePart';
import { NetworkError } from './networkFailure';

/** Connections kept for the next request: were they fewer than calls in flight, most would be closed and opened all the time. */
const MAX_IDLE = 64;
/** How long they are kept: servers that say nothing of it close them after 5 s, some just as the next request leaves. */
const IDLE_MS = 4_000;
const KEEP = { keepAlive: true, maxFreeSockets: MAX_IDLE, scheduling: 'lifo' } as const;
const DIRECT = { ...KEEP, timeout: IDLE_MS } as const;

/** What one request is sent with. */
export interface Connecting {
  readonly agent: http.Agent;
  /** True when a proxy looks names up, and not this machine. */
  readonly byProxy: boolean;
  readonly tls: Pick<https.RequestOptions, 'rejectUnauthorized' | 'ca'>;
}

export class Agents {
  private readonly plain = new http.Agent(DIRECT);
  private readonly secure = new https.Agent(DIRECT);
  private readonly proxied = new Map<string, Promise<http.Agent>>();
  /** Ends what waits for a proxy to open it, of which its agent knows nothing yet. */
  private readonly over = new AbortController();
  private readonly tls: () => Connecting['tls'];

  constructor(private readonly settings: NetworkSettings) {
    // Each connection listens.
    setMaxListeners(0, this.over.signal);
    let known: Connecting['tls'] | undefined;
    this.tls = () => (known ??= tlsOptions(settings));
  }

  /** @throws NetworkError `proxy` when the settings name one that is spoken to neither over HTTP nor over SOCKS. */
  async for(url: URL): Promise<Connecting> {
    const isSecure = url.protocol === 'https:';
    const proxy = proxyFor(url, this.settings.proxy);
    const direct = isSecure ? this.secure : this.plain;
    return {
      agent: proxy === undefined ? direct : await this.through(proxy, isSecure, url.host),
      byProxy: proxy !== undefined,
      tls: isSecure ? this.tls() : {},
    };
  }

  /** Ends the connections that wait for a next request: when one of them turns out to be dead, the others are no better. */
  static dropIdle({ freeSockets }: http.Agent): void {
    for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  /** Ends every connection. */
  close(): void {
    for (const agent of [this.plain, this.secure]) agent.destroy();
    for (const agent of this.proxied.values())
      agent.then(
        (made) => made.destroy(),
        () => undefined,
      );
    this.over.abort();
  }

  private async through(proxy: string, isSecure: boolean, host: string): Promise<http.Agent> {
    const key = `${isSecure ? 'https' : 'http'} ${proxy}`;
    const known = this.proxied.get(key);
    if (known) return await known;
    const authorization = this.settings.proxy?.authorization;
    const options = {
      ...KEEP,
      // For TLS with the proxy itself.
      ...(/^https:/i.test(proxy) ? this.tls() : {}),
      signal: this.over.signal,
      ...(authorization === undefined ? {} : { headers: { 'Proxy-Authorization': authorization } }),
    };
    const agent = proxyAgent(proxy, isSecure, options, host).then((made) => {
      // Given to them in the beginning, it would be forgotten, or end connections in use.
      made.options.timeout = IDLE_MS;
      return made;
    });
    this.proxied.set(key, agent);
    return await agent;
  }
}

type ProxyAgent = http.Agent & { readonly options: { timeout?: number | undefined } };

/** Names are always looked up by the proxy: only it may know where they lead. */
async function proxyAgent(
  proxy: string,
  isSecure: boolean,
  options: http.AgentOptions & { readonly headers?: http.OutgoingHttpHeaders },
  host: string,
): Promise<ProxyAgent> {
  const scheme = URL.canParse(proxy) ? new URL(proxy).protocol : '';
  switch (scheme) {
    case 'http:':
    case 'https:':
      return isSecure ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
    case 'socks:':
    case 'socks5:':
    case 'socks5h:':
      return await throughSocks(proxy.replace(/^[^:]+/, 'socks5h'));
    case 'socks4:':
    case 'socks4a:':
      return await throughSocks(proxy.replace(/^[^:]+/, 'socks4a'));
    default:
      throw new NetworkError('proxy', host);
  }
}

async function throughSocks(proxy: string): Promise<ProxyAgent> {
  const { socksAgent } = await latePart(() => import('./socksAgent'));
  return socksAgent(proxy, KEEP);
}

/** Nothing is replaced where the settings are as usual: Node then takes its own authorities, and those of `NODE_EXTRA_CA_CERTS`. */
function tlsOptions({ strictTls, certificates, systemCertificates }: NetworkSettings): Connecting['tls'] {
  const ofSystem = systemCertificates ? systemAuthorities() : [];
  const ca = [...certificates, ...ofSystem];
  return {
    rejectUnauthorized: strictTls,
    ...(ca.length === 0 ? {} : { ca: [...defaultAuthorities(), ...ca] }),
  };
}

type Authorities = (type: 'default' | 'system') => readonly string[];

/** Not there before Node 22.15. */
function authorities(type: 'default' | 'system'): readonly string[] | undefined {
  const { getCACertificates } = tls as { readonly getCACertificates?: Authorities };
  return getCACertificates?.(type);
}

function defaultAuthorities(): readonly string[] {
  return authorities('default') ?? tls.rootCertificates;
}

function systemAuthorities(): readonly string[] {
  return authorities('system') ?? [];
}

/** The proxy for an address, or undefined. A server on this machine is always reached directly. */
export function proxyFor(url: URL, proxy: ProxySettings | undefined): string | undefined {
  const address = url.protocol === 'https:' ? proxy?.https : proxy?.http;
  if (!proxy || address === undefined || isLoopback(url.hostname)) return undefined;
  return proxy.bypass.some((pattern) => bypasses(pattern, url)) ? undefined : address;
}

/** `example.com` means its subdomains as well, as it does for every other program. */
function bypasses(pattern: string, { hostname, port, protocol }: URL): boolean {
  if (pattern === '*') return true;
  const [, name = '', wantedPort] = /^(.*?)(?::(\d{1,5}))?$/.exec(pattern.trim().toLowerCase()) ?? [];
  if (wantedPort !== undefined && wantedPort !== (port || (protocol === 'https:' ? '443' : '80')))
    return false;
  const suffix = name.replace(/^\*?\./, '');
  return suffix !== '' && (hostname === suffix || hostname.endsWith(`.${suffix}`));
}
