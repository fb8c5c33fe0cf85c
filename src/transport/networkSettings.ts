/** What an editor's settings and its environment say about reaching the network, as one value. Pure. */

import type { NetworkSettings } from './remoteSpec';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the settings say nothing about a proxy, the environment does.
 * @param setting reads one of the editor's `http.*`
 */
export function networkSettings(
  setting: (key: string) => unknown,
  environment: Environment,
): NetworkSettings {
  const proxy = setting('proxySupport') === 'off' ? undefined : proxySettings(setting, environment);
  return {
    strictTls: setting('proxyStrictSSL') !== false,
    certificates: [],
    systemCertificates: setting('systemCertificates') !== false,
    ...(proxy ? { proxy } : {}),
  };
}

function proxySettings(
  setting: (key: string) => unknown,
  environment: Environment,
): NetworkSettings['proxy'] {
  const named = proxyOf(setting('proxy'));
  const fromEnvironment = (name: string): string | undefined =>
    textOf(environment[name] ?? environment[name.toUpperCase()]);
  const http = named ?? proxyOf(fromEnvironment('http_proxy'));
  const https = named ?? proxyOf(fromEnvironment('https_proxy')) ?? http;
  if (http === undefined && https === undefined) return undefined;
  const listed = textsOf(setting('noProxy'));
  const authorization = textOf(setting('proxyAuthorization'));
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    bypass: listed.length > 0 ? listed : (fromEnvironment('no_proxy') ?? '').split(/[\s,]+/).filter(Boolean),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

/** What has no scheme names no proxy: so the editor reads it, and as an address it would be another one. */
function proxyOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim();
  return text?.includes('://') === true ? text : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; what is none is left out. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
