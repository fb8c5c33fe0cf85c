/** Words for rules about requests for model answers: where they hold, how much they allow, and what is used of it. */

import type { GrantAmount, GrantBounds, GrantScope, SamplingGrant } from '../policy/samplingGrants';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import { countOf, joinSafe } from './consentTexts';

/** `10 requests and 20,000 tokens an hour`. */
export function hourText({ hour }: GrantBounds): SafeText {
  return safe`${amountText(hour)} an hour`;
}

/** What stands below {@link hourText}. */
export function dayText({ day, tokensPerRequest }: GrantBounds): SafeText {
  return safe`${amountText(day)} a day, ${countText(tokensPerRequest)} in one request`;
}

function amountText({ requests, tokens }: GrantAmount): SafeText {
  return safe`${countOf(requests, 'request')} and ${countOf(tokens, 'token')}`;
}

/** `7 of 10 requests, 9,100 of 20,000 tokens`. */
export function usedText(used: GrantAmount, allowed: GrantAmount): SafeText {
  return safe`${countText(used.requests)} of ${countOf(allowed.requests, 'request')}, ${countText(used.tokens)} of ${countOf(allowed.tokens, 'token')}`;
}

/** `7 of 10 this hour`, which are requests. */
export function usedThisHour(used: GrantAmount, { hour }: GrantBounds): SafeText {
  return safe`${countText(used.requests)} of ${countText(hour.requests)} this hour`;
}

function countText(count: number): SafeText {
  return safeText(count.toLocaleString('en'));
}

/** Where a rule holds. @param isHere false for a rule of another workspace */
export function scopeText({ kind }: GrantScope, isHere = true): SafeText {
  switch (kind) {
    case 'session':
      return safe`this session`;
    case 'workspace':
      return isHere ? safe`this workspace` : safe`another workspace`;
    case 'always':
      return safe`always`;
  }
}

/** What a rule is about, where room is short. */
export function causeLabel({ tool }: Pick<SamplingGrant, 'tool'>): SafeText {
  return tool === undefined ? safe`Any call` : safeText(tool, LABEL_LENGTH);
}

/** What a rule is about. */
export function causesText({ tool }: Pick<SamplingGrant, 'tool'>): SafeText {
  return tool === undefined
    ? safe`Model requests in any call`
    : safe`Model requests of ${safeText(tool, LABEL_LENGTH)}`;
}

/** What a rule covers beside text. */
export function coversText({ covers }: Pick<SamplingGrant, 'covers'>): SafeText {
  const extras = [
    ...(covers.includes('media') ? [safe`images and sounds`] : []),
    ...(covers.includes('context') ? [safe`wishes for context, of which nothing is added`] : []),
  ];
  return extras.length === 0 ? safe`text only` : safe`text, ${joinSafe(extras, safe`, `)}`;
}
