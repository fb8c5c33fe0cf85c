/** Rules and requests for tests. */

import type { GrantFacts, SamplingGrant } from '../../../src/policy/samplingGrants';

/** When tests of rules begin, in milliseconds since the epoch. */
export const NOW = 1_800_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A rule of this session about any call. */
export function grant(change: Partial<SamplingGrant> = {}): SamplingGrant {
  return {
    id: 'g',
    fingerprint: 'f',
    serverId: 'user/one',
    serverName: 'one',
    scope: { kind: 'session', session: 's' },
    bounds: {
      tokensPerRequest: 1_000,
      hour: { requests: 3, tokens: 2_000 },
      day: { requests: 5, tokens: 4_000 },
    },
    covers: [],
    since: NOW - 2 * DAY,
    uses: [],
    ...change,
  };
}

/** A request that such a rule covers. */
export function facts(change: Partial<GrantFacts> = {}): GrantFacts {
  return {
    fingerprint: 'f',
    workspace: 'file:///work',
    session: 's',
    cause: { kind: 'tool', name: 'poet' },
    model: 'acme/demo',
    tokens: 100,
    extras: [],
    ...change,
  };
}
