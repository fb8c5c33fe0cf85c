/** Reviews for tests, of entries made by the real reader. */

import { describeLaunch, type LaunchReview, type ReviewParts } from '../../../src/policy/launchReview';
import type { WarningKind } from '../../../src/policy/launchWarnings';
import { entryOf } from './entries';

/** The review of a workspace entry on Linux, in the one folder `/w`. */
export function review(raw: object, parts: Partial<ReviewParts> = {}): LaunchReview {
  return describeLaunch({
    name: 'server',
    entry: entryOf(raw),
    scope: { kind: 'workspace' },
    platform: 'linux',
    workspaceFolders: ['/w'],
    ...parts,
  });
}

/** The kinds of its warnings, each once, in order. */
export function kinds(raw: object, parts: Partial<ReviewParts> = {}): WarningKind[] {
  return [...new Set(review(raw, parts).warnings.map(({ kind }) => kind))];
}
