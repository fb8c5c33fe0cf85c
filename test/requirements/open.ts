/** Requirements that nothing verifies yet. A row leaves this list for the file of its area, with its tests. */

import type { Requirements } from './requirement';

export const OPEN: Requirements = {
  ELIC3: { summary: 'Who asks is shown, with ways to decline and to cancel', tests: [] },
  ELIC4: { summary: 'Answers can be looked over before they are sent', tests: [] },
  ELIC5: { summary: 'Defaults are filled in, answers checked, the question explained', tests: [] },
  ELIC6: {
    summary: 'Accept, decline and cancel are told apart, and only an accepted form has content',
    tests: [],
  },
  ELIC7: { summary: 'Requests are limited', tests: [] },
  ELIC9: { summary: 'Fields that look like secrets are warned of', tests: [] },
  URL1: { summary: 'The whole address and its host are shown before anything opens', tests: [] },
  URL2: { summary: 'Nothing is fetched, and nothing opens without consent', tests: [] },
  URL3: { summary: 'It opens in the browser of the person', tests: [] },
  URL4: { summary: 'The host stands out, and odd addresses are warned of', tests: [] },
  URL5: { summary: 'No other word of the server can be clicked', tests: [] },
  URL6: { summary: 'Accepting is consent and no more; the call can be made again or given up', tests: [] },
  URL8: { summary: 'The error that asks for addresses leads to them and to a retry', tests: [] },
  PING2: { summary: 'A silent server is pinged now and then; two unanswered are the end', tests: [] },
  LOG1: { summary: 'How much a server of the stateful era logs is set', tests: [] },
  LOG2: { summary: 'In the stateless era messages come only when asked for', tests: [] },
  CACHE1: { summary: 'What may be kept is kept, complete results only', tests: [] },
  CACHE2: { summary: 'What is kept serves the very same question', tests: [] },
  CACHE3: { summary: 'What came of an input is never kept', tests: [] },
  CACHE4: { summary: 'Kept as long as the server says, and no senseless time', tests: [] },
  CACHE5: { summary: 'Nothing is asked because it aged', tests: [] },
  CACHE6: { summary: 'Nothing is shared between servers or accounts', tests: [] },
  CACHE7: { summary: 'A notification ends what is kept', tests: [] },
  CACHE8: { summary: 'Pages are kept each by itself, and read anew from the first', tests: [] },
  SAMP2: {
    summary:
      'The person sees and may change a request before it is sent, and the answer before it is delivered',
    tests: [],
  },
};
