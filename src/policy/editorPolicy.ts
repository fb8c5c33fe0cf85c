/**
 * Obeys what the editor's own settings say about servers of this protocol (`chat.mcp.*`), which organizations set by
 * policy. What cannot be understood counts as a prohibition.
 */

import { isObject } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { safe, safeText, type SafeText } from './safeText';
import { matchesWildcard } from './wildcard';

/** The editor's settings that speak about servers. */
const ACCESS_SETTINGS = {
  access: 'chat.mcp.access',
  allowed: 'chat.mcp.allowedServers',
  denied: 'chat.mcp.deniedServers',
} as const;
type AccessSetting = (typeof ACCESS_SETTINGS)[keyof typeof ACCESS_SETTINGS];

/** The settings as read, and the server they are asked about, its variables already expanded. */
export interface AccessQuestion {
  /** `all`, `registry` or `none`; undefined where the editor has no such setting. */
  readonly access: unknown;
  /** Null or undefined means that there is no list. An empty list allows nothing. */
  readonly allowedServers: unknown;
  readonly deniedServers: unknown;
  readonly entry: { readonly name: string; readonly url?: string; readonly command?: readonly string[] };
}

/** `setting` is the one that denies it. */
export type AccessDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly reason: SafeText; readonly setting: AccessSetting };

/**
 * Decides whether the editor's policy lets a server run. A deny rule wins over every allow rule. `registry` denies too:
 * entries of this host come from settings, not from a registry.
 */
export function decideAccess(question: AccessQuestion): AccessDecision {
  const { access, entry } = question;
  if (access !== undefined && access !== null && access !== 'all') {
    const shown = typeof access === 'string' ? safeText(access, 40) : safe`a value of the wrong type`;
    return deny(
      'access',
      safe`The editor's setting ${ACCESS_NAMES.access} is ${shown}, so servers from settings may not run.`,
    );
  }
  const denied = readList(question.deniedServers);
  if (!denied.ok) return deny('denied', safe`${ACCESS_NAMES.denied} cannot be understood: ${denied.error}`);
  if (denied.value?.some((rule) => matchesDenied(rule, entry)) === true) {
    return deny('denied', safe`The editor's setting ${ACCESS_NAMES.denied} forbids this server.`);
  }
  const allowed = readList(question.allowedServers);
  if (!allowed.ok)
    return deny('allowed', safe`${ACCESS_NAMES.allowed} cannot be understood: ${allowed.error}`);
  if (allowed.value && !allowed.value.some((rule) => matchesAllowed(rule, entry))) {
    return deny('allowed', safe`The editor's setting ${ACCESS_NAMES.allowed} does not list this server.`);
  }
  return { kind: 'allowed' };
}

type Rule =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'command'; readonly command: readonly string[] };

const ACCESS_NAMES = {
  access: safeText(ACCESS_SETTINGS.access),
  allowed: safeText(ACCESS_SETTINGS.allowed),
  denied: safeText(ACCESS_SETTINGS.denied),
} as const;

function deny(setting: keyof typeof ACCESS_SETTINGS, reason: SafeText): AccessDecision {
  return { kind: 'denied', reason, setting: ACCESS_SETTINGS[setting] };
}

function readList(raw: unknown): Result<readonly Rule[] | undefined, SafeText> {
  if (raw === undefined || raw === null) return ok(undefined);
  if (!Array.isArray(raw)) return err(safe`it is not a list.`);
  const rules: Rule[] = [];
  for (const [index, item] of (raw as readonly unknown[]).entries()) {
    const rule = readRule(item);
    if (!rule) return err(safe`item ${index} is not a serverName, a serverUrl or a serverCommand.`);
    rules.push(rule);
  }
  return ok(rules);
}

/** A rule has exactly one of the three keys; with more it would be unclear whether all of them must match. */
function readRule(item: unknown): Rule | undefined {
  if (!isObject(item)) return undefined;
  const [entry, ...others] = Object.entries(item);
  if (entry === undefined || others.length > 0) return undefined;
  const [key, value] = entry;
  if (key === 'serverName' && typeof value === 'string') return { kind: 'name', name: value };
  if (key === 'serverUrl' && typeof value === 'string') return { kind: 'url', url: value };
  if (key === 'serverCommand' && isStringList(value) && value.length > 0)
    return { kind: 'command', command: value };
  return undefined;
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function matchesAllowed(rule: Rule, entry: AccessQuestion['entry']): boolean {
  if (rule.kind === 'name') return rule.name === entry.name;
  if (rule.kind === 'command') return sameCommand(rule.command, entry.command);
  return entry.url !== undefined && matchesUrlParts(entry.url, rule.url);
}

/** Wider than {@link matchesAllowed}: a URL is also compared as plain text, so that no spelling escapes a deny rule. */
function matchesDenied(rule: Rule, entry: AccessQuestion['entry']): boolean {
  if (matchesAllowed(rule, entry)) return true;
  if (rule.kind !== 'url' || entry.url === undefined) return false;
  const normal = parseUrl(entry.url)?.href ?? entry.url;
  return [entry.url, normal].some((url) => matchesWildcard(url.toLowerCase(), rule.url.toLowerCase()));
}

function sameCommand(rule: readonly string[], command: readonly string[] | undefined): boolean {
  return (
    command !== undefined &&
    rule.length === command.length &&
    rule.every((part, index) => part === command[index])
  );
}

/**
 * Compares scheme, host and path each with its own part of the pattern, so that the star of `https://*.example.com/*`
 * cannot reach over the host: `https://other.test/.example.com/` does not match.
 */
function matchesUrlParts(url: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const parsed = parseUrl(url);
  const parts = /^([^:/]*):\/\/([^/?#]*)([^]*)$/.exec(pattern);
  if (!parsed || !parts) return false;
  const [, scheme = '', host = '', path = ''] = parts;
  return (
    matchesWildcard(parsed.protocol, `${scheme.toLowerCase()}:`) &&
    matchesHost(parsed, host.toLowerCase()) &&
    matchesWildcard(parsed.pathname + parsed.search, path === '' ? '/' : path)
  );
}

/** A pattern without a port stands for the usual port of the scheme, with `:*` for any. */
function matchesHost(url: URL, pattern: string): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return matchesWildcard(url.host, pattern) || matchesWildcard(`${url.hostname}:${port}`, pattern);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
