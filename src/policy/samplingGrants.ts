/**
 * Rules by which a person allows a server's requests for model answers beforehand, and whether one of them covers a request. Pure: what is
 * not covered is asked about, as if there were no rule, and the limits for all requests hold before any rule does.
 */

import { safe, safeText, type SafeText } from './safeText';
import { SAMPLING_LIMITS } from './samplingDecision';

/** Where a rule holds. */
export type GrantScope =
  /** One session of one window. */
  | { readonly kind: 'session'; readonly session: string }
  /** The folders of a workspace. */
  | { readonly kind: 'workspace'; readonly workspace: string }
  | { readonly kind: 'always' };

/** How much in a stretch of time. */
export interface GrantAmount {
  readonly requests: number;
  readonly tokens: number;
}

/** How much a rule allows. Tokens are estimates of what goes to the model, together with the most that may come back. */
export interface GrantBounds {
  readonly tokensPerRequest: number;
  readonly hour: GrantAmount;
  readonly day: GrantAmount;
}

/** What a request may hold beside text, which a rule covers only when it says so. */
export type GrantExtra = 'media' | 'context';

/** A request that a rule covered. `at` is in milliseconds since the epoch. */
export interface GrantUse {
  readonly at: number;
  readonly tokens: number;
}

/** A rule. Times are milliseconds since the epoch. */
export interface SamplingGrant {
  readonly id: string;
  /** What its launch was approved as, or would have been: another launch is another server (T137). */
  readonly fingerprint: string;
  /** For the person only; nothing is decided by them. */
  readonly serverId: string;
  readonly serverName: string;
  readonly scope: GrantScope;
  /** Only while this tool is known to have led to the request. */
  readonly tool?: string;
  /** Only this model, by its key; any other one when absent. */
  readonly model?: { readonly key: string; readonly name: string };
  readonly bounds: GrantBounds;
  readonly covers: readonly GrantExtra[];
  readonly since: number;
  readonly until?: number;
  /** Those of the last day, at least. */
  readonly uses: readonly GrantUse[];
}

/** What led to a request, as far as it is certain. */
export type GrantCause =
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'other-call' }
  /** Some call that runs. */
  | { readonly kind: 'uncertain' }
  /** No call of the person runs. */
  | { readonly kind: 'none' };

/** What rules look at. */
export interface GrantFacts {
  readonly fingerprint: string;
  /** Empty where no folder is open. */
  readonly workspace: string;
  readonly session: string;
  readonly cause: GrantCause;
  /** Key of the model that would answer. */
  readonly model: string | undefined;
  readonly tokens: number;
  /** `unknown`: something that rules know nothing of. */
  readonly extras: readonly (GrantExtra | 'unknown')[];
}

/** What the person may make a rule of. */
export interface GrantOffer {
  readonly facts: GrantFacts;
  /** The entry is the person's own, so it may be used in other workspaces as well. */
  readonly isOwn: boolean;
  /** Why a rule that is there does not cover this request. */
  readonly whyAsked?: SafeText;
}

/** Why the person is asked. */
type AskCause =
  | 'no-rule'
  | 'unknown-content'
  | 'no-model'
  | 'no-call'
  | 'clock'
  | 'ended'
  | 'cause'
  | 'tool'
  | 'model'
  | 'media'
  | 'context'
  | 'request-tokens'
  | 'hour-requests'
  | 'hour-tokens'
  | 'day-requests'
  | 'day-tokens';

type GrantDecision =
  | { readonly kind: 'covered'; readonly grant: SamplingGrant }
  /** `reason` is for the person, and absent where there is no rule to speak of. */
  | { readonly kind: 'ask'; readonly because: AskCause; readonly reason?: SafeText };

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A clock that is set right goes back by no more. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Decides. Of several rules the first that covers the request counts; when none does, the reason is that of the one that came closest.
 * @param now milliseconds since the epoch
 */
export function decideGrant(grants: readonly SamplingGrant[], facts: GrantFacts, now: number): GrantDecision {
  let closest: (typeof OBSTACLES)[number] | undefined;
  for (const grant of grants) {
    if (!appliesTo(grant, facts)) continue;
    const obstacle = OBSTACLES.find(([, isMet]) => isMet(grant, facts, now));
    if (!obstacle) return { kind: 'covered', grant };
    if (!closest || OBSTACLES.indexOf(obstacle) > OBSTACLES.indexOf(closest)) closest = obstacle;
  }
  if (!closest) return { kind: 'ask', because: 'no-rule' };
  const [because, , reason] = closest;
  return { kind: 'ask', because, reason };
}

/** True for a rule about this server and this place, whether or not it covers the request. */
export function appliesTo({ fingerprint, scope }: SamplingGrant, facts: GrantFacts): boolean {
  if (fingerprint !== facts.fingerprint) return false;
  switch (scope.kind) {
    case 'session':
      return scope.session === facts.session;
    case 'workspace':
      return scope.workspace === facts.workspace;
    case 'always':
      return true;
  }
}

type Obstacle = readonly [
  because: AskCause,
  isMet: (grant: SamplingGrant, facts: GrantFacts, now: number) => boolean,
  reason: SafeText,
];

/** What keeps a rule from covering a request, in the order in which it is looked for. */
const OBSTACLES: readonly Obstacle[] = [
  [
    'unknown-content',
    (_, { extras }) => extras.includes('unknown'),
    safe`it holds something that no rule covers`,
  ],
  ['no-model', (_, { model }) => model === undefined, safe`no model can answer it`],
  ['no-call', (_, { cause }) => cause.kind === 'none', safe`none of your calls is running`],
  ['clock', ({ since }, _, now) => now < since - CLOCK_SKEW_MS, safe`the clock was set back`],
  ['ended', ({ until }, _, now) => until !== undefined && until <= now, safe`your rule has ended`],
  [
    'cause',
    ({ tool }, { cause }) => tool !== undefined && cause.kind === 'uncertain',
    safe`your rule is for one tool, and it is not known which call led to this request`,
  ],
  [
    'tool',
    ({ tool }, { cause }) => tool !== undefined && (cause.kind !== 'tool' || cause.name !== tool),
    safe`your rule is for another tool`,
  ],
  [
    'model',
    ({ model }, facts) => model !== undefined && model.key !== facts.model,
    safe`your rule is for another model`,
  ],
  [
    'media',
    ({ covers }, { extras }) => extras.includes('media') && !covers.includes('media'),
    safe`your rule does not cover images and sounds`,
  ],
  [
    'context',
    ({ covers }, { extras }) => extras.includes('context') && !covers.includes('context'),
    safe`your rule does not cover requests that ask for context`,
  ],
  [
    'request-tokens',
    ({ bounds }, { tokens }) => tokens > bounds.tokensPerRequest,
    safe`it may take more tokens than your rule allows for one request`,
  ],
  [
    'hour-requests',
    (grant, _, now) => usedIn(grant, HOUR_MS, now).requests >= grant.bounds.hour.requests,
    safe`the requests that your rule allows in an hour are used up`,
  ],
  [
    'hour-tokens',
    (grant, { tokens }, now) => usedIn(grant, HOUR_MS, now).tokens + tokens > grant.bounds.hour.tokens,
    safe`it may take more tokens than your rule has left for this hour`,
  ],
  [
    'day-requests',
    (grant, _, now) => usedIn(grant, DAY_MS, now).requests >= grant.bounds.day.requests,
    safe`the requests that your rule allows in a day are used up`,
  ],
  [
    'day-tokens',
    (grant, { tokens }, now) => usedIn(grant, DAY_MS, now).tokens + tokens > grant.bounds.day.tokens,
    safe`it may take more tokens than your rule has left for this day`,
  ],
];

/** What a rule was used for in the last hour and the last day. @param now milliseconds since the epoch */
export function grantUse(
  grant: SamplingGrant,
  now: number,
): { readonly hour: GrantAmount; readonly day: GrantAmount } {
  return { hour: usedIn(grant, HOUR_MS, now), day: usedIn(grant, DAY_MS, now) };
}

function usedIn({ uses }: SamplingGrant, ms: number, now: number): GrantAmount {
  const counted = recentUses(uses, now).filter(({ at }) => at > now - ms);
  return { requests: counted.length, tokens: counted.reduce((sum, { tokens }) => sum + tokens, 0) };
}

/** Those of the last day. What a clock that went back puts into the future counts as if it had just been. */
export function recentUses(uses: readonly GrantUse[], now: number): readonly GrantUse[] {
  return uses
    .filter(({ at }) => at > now - DAY_MS)
    .map(({ at, tokens }) => ({ at: Math.min(at, now), tokens }));
}

/** The most that the bounds of a rule may be; the least is 1 (T134, T135). */
export const GRANT_LIMITS: GrantBounds = {
  tokensPerRequest: 200_000,
  hour: { requests: SAMPLING_LIMITS.perHour, tokens: 1_000_000 },
  day: { requests: 300, tokens: 5_000_000 },
};

/** True for bounds that a rule can have. */
export function isWithinLimits({ tokensPerRequest, hour, day }: GrantBounds): boolean {
  const { hour: mostAnHour, day: mostADay } = GRANT_LIMITS;
  return (
    isBound(tokensPerRequest, GRANT_LIMITS.tokensPerRequest) &&
    isBound(hour.requests, mostAnHour.requests) &&
    isBound(hour.tokens, mostAnHour.tokens) &&
    isBound(day.requests, mostADay.requests) &&
    isBound(day.tokens, mostADay.tokens)
  );
}

/** True for a whole number from 1 to this limit. */
export function isBound(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}

/** A rule's bounds of an hour with what is used of them, for a log. */
export function grantNote(grant: SamplingGrant, now: number): SafeText {
  const { requests } = usedIn(grant, HOUR_MS, now);
  const of = grant.tool === undefined ? safe`` : safe` for the tool "${safeText(grant.tool, 80)}"`;
  return safe`a rule of yours${of} covers it (${requests} of ${grant.bounds.hour.requests} requests of this hour before it)`;
}
