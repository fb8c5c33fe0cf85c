/** The page that reviews sampling after a reload of the window: what was typed in it is all that is left. */

import { SETTLE_MS } from './launchReviewPage';
import { namesOf } from './samplingDrawn';
import type { PageStage, SamplingPage } from './samplingPageMessages';
import { WORDS } from './samplingPageWords';

/** The page; its texts are those that it remembers itself. */
export function lostPage(): SamplingPage {
  const stage: PageStage = {
    kind: 'over',
    conversation: 0,
    title: 'The request ended when the window was reloaded',
    standing: 'Nothing of what you had typed was sent. Copy what you want to keep.',
    facts: [],
    warnings: [],
    isOfOtherWindow: true,
  };
  return {
    settleMs: SETTLE_MS,
    ...namesOf(stage),
    stage,
    others: [],
    words: WORDS,
  };
}
