/** What a request for a model answer may cost, and what is left for it: in words, also where there is no budget at all. */

import type { ServerUsage } from '../host/usageSummary';
import { SAMPLING_LIMITS } from '../policy/samplingDecision';
import { grantUse, type GrantAmount, type GrantOffer, type SamplingGrant } from '../policy/samplingGrants';
import { safe, safeText, type SafeText } from '../policy/safeText';
import { countOf } from './consentTexts';
import { causesText, scopeText } from './grantTexts';
import { ruleFacts, type SamplingFact } from './samplingFacts';
import { requestText, tokenText } from './usageTexts';

/**
 * The facts.
 * @param grants rules of the person that are about this server and this place
 * @param now milliseconds since the epoch
 */
export function costFacts(
  offer: GrantOffer | undefined,
  usage: ServerUsage,
  grants: readonly SamplingGrant[],
  now: number,
): readonly SamplingFact[] {
  const { hour, today } = usage;
  const { perHour, perCall } = SAMPLING_LIMITS;
  return [
    ...ruleFacts(offer),
    {
      label: 'Used so far',
      text: safe`${requestText(hour)} and ${tokenText(hour)} this hour, ${requestText(today)} and ${tokenText(today)} today`,
    },
    ...(grants.length === 0
      ? [
          {
            label: 'Budget',
            text: safe`none: no rule of yours is for this server, so you are asked each time`,
          },
        ]
      : grants.map((grant) => ({ label: 'Budget', text: leftText(grant, now) }))),
    {
      label: 'Always',
      text: safe`at most ${countOf(perHour, 'request')} an hour and ${perCall} in one call, whatever you allow`,
    },
  ];
}

function leftText(grant: SamplingGrant, now: number): SafeText {
  const { hour, day } = grantUse(grant, now);
  const { bounds, scope } = grant;
  return safe`${causesText(grant)} (${scopeText(scope)}): ${left(hour, bounds.hour)} left this hour, ${left(day, bounds.day)} left this day`;
}

function left(used: GrantAmount, allowed: GrantAmount): SafeText {
  const requests = Math.max(0, allowed.requests - used.requests);
  const tokens = Math.max(0, allowed.tokens - used.tokens);
  return safe`${requests} of ${countOf(allowed.requests, 'request')} and ${safeText(tokens.toLocaleString('en'))} of ${countOf(allowed.tokens, 'token')}`;
}
