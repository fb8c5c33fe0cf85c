/**
 * Everything that a server must not be quoted with: the secrets it was given at its start, and those that come up while it runs, such as
 * tokens and ids of sessions. Text of the server passes through here on its way into a log, a failure or a report (T065, T158).
 */

import type { ClientEvents } from '../client/contract';
import type { Failure } from '../protocol/failure';
import { redactForms, secretForms } from '../policy/redact';

type Told = ClientEvents['secrets'];

/** Of each kind the newest are kept; the kinds apart, so that a server cannot push a token out by naming sessions. */
const MAX_KEPT = 32;

export class ServerSecrets {
  private readonly came: Readonly<Record<Told['of'], Map<string, readonly string[]>>> = {
    credentials: new Map(),
    session: new Map(),
  };
  private readonly given: readonly string[];
  /** All of them in every form that they may have, longest first. */
  private forms: readonly string[];

  /** @param given what the server gets at its start */
  constructor(given: readonly string[]) {
    this.given = given.flatMap(secretForms);
    this.forms = sorted(this.given);
  }

  /** From now on these are taken out too. */
  add({ of, values }: Told): void {
    const kept = this.came[of];
    for (const value of values) {
      const forms = kept.get(value) ?? secretForms(value);
      kept.delete(value);
      kept.set(value, forms);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    }
    const { credentials, session } = this.came;
    this.forms = sorted([...this.given, ...[...credentials.values(), ...session.values()].flat()]);
  }

  /** The text without secrets. */
  clean(text: string): string {
    return redactForms(text, this.forms);
  }

  /** The failure without secrets in what it quotes. */
  cleanFailure(failure: Failure): Failure {
    const clean = (text: string): string => this.clean(text);
    switch (failure.code) {
      case 'server-error':
        return { ...failure, message: clean(failure.message), ...changed(failure, 'data', clean) };
      case 'http-error':
      case 'network':
        return { ...failure, ...changed(failure, 'excerpt', clean) };
      case 'authorization':
        return { ...failure, ...changed(failure, 'detail', clean), ...changed(failure, 'serverSays', clean) };
      case 'redirected':
        return { ...failure, ...changed(failure, 'to', clean) };
      case 'unsupported-version':
        return { ...failure, offered: failure.offered.map(clean) };
      case 'message-refused':
      case 'invalid-result':
      case 'refused':
      case 'internal':
        return { ...failure, detail: clean(failure.detail) };
      default:
        // The others hold no text of a server.
        return failure;
    }
  }
}

function changed<K extends string>(
  from: { readonly [key in K]?: string },
  name: K,
  clean: (text: string) => string,
): { readonly [key in K]?: string } {
  const text = from[name];
  return text === undefined ? {} : ({ [name]: clean(text) } as { readonly [key in K]: string });
}

function sorted(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
