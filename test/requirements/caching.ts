/** Caching, liveness and logging. */

import type { Requirements } from './requirement';

export const CACHING: Requirements = {
  PING2: {
    summary: 'A silent server is pinged now and then; two unanswered are the end',
    tests: [
      'contract/http/liveness.test.ts#a silent server that ${what} is asked once a minute, while a resource is followed',
      'contract/http/liveness.test.ts#two pings without an answer are the end, and the host hears why',
    ],
  },
  LOG1: {
    summary: 'How much a server of the stateful era logs is set',
    tests: [
      "contract/client/logLevel.test.ts#with ${what} in the entry, a server of the stateful era is told ${expected.length === 0 ? 'nothing' : 'that'} (LOG1)",
      'contract/http/lostSession.test.ts#the session that takes the place of a lost one is told the log level too (LOG1)',
    ],
  },
  LOG2: {
    summary: 'In the stateless era messages come only when asked for',
    tests: [
      "contract/client/logLevel.test.ts#with ${what} in the entry, requests of the stateless era ask for messages from ${expected ?? 'no level'} on (LOG2)",
    ],
  },
  LOG3: {
    summary: 'Messages are bounded, checked and free of secrets',
    tests: [
      'contract/client/logText.test.ts#log messages are bounded in number and size, and what was left out is told',
      'contract/host/launchSecrets.test.ts#no value that a server was given comes back in its log or in a report, however it looks',
      'contract/client/logText.test.ts#long log messages are cut, and fewer, with all that is text of the server in them',
    ],
  },
  CACHE1: {
    summary: 'What may be kept is kept, complete results only',
    tests: [
      'contract/client/caching.test.ts#${kind} are asked for once while they are fresh, and anew when time, a change or the person says so',
      'contract/client/caching.test.ts#an error is not kept, and does not spoil what comes after it',
    ],
  },
  CACHE2: {
    summary: 'What is kept serves the very same question',
    tests: [
      'contract/client/caching.test.ts#a resource is read once while it is fresh, each for itself',
      'contract/client/caching.test.ts#${kind} are asked for once while they are fresh, and anew when time, a change or the person says so',
    ],
  },
  CACHE3: {
    summary: 'What came of an input is never kept',
    tests: ['contract/client/caching.test.ts#what was made with inputs is not kept (CACHE3)'],
  },
  CACHE4: {
    summary: 'Kept as long as the server says, and no senseless time',
    tests: [
      'contract/client/caching.test.ts#${kind} are asked for once while they are fresh, and anew when time, a change or the person says so',
      'contract/client/caching.test.ts#a result with ${what} is not used again (CACHE4)',
      'contract/host/sameLists.test.ts#when somebody looks at a list, a server of ${era}',
      'unit/ui/shownLists.test.ts#a list that the person opens is looked at, and other rows are none',
    ],
  },
  CACHE5: {
    summary: 'Nothing is asked because it aged',
    tests: ['contract/client/caching.test.ts#time that is over makes nobody ask: it is no timer'],
  },
  CACHE6: {
    summary: 'Nothing is shared between servers or accounts',
    tests: [
      'contract/http/modern.test.ts#what was answered to one account is not used for another, be it public or private (CACHE6, T078)',
      'process/host/evilHttp.test.ts#T078 two accounts at one address see each their own lists, whatever the server calls public',
    ],
  },
  CACHE7: {
    summary: 'A notification ends what is kept',
    tests: [
      'contract/client/caching.test.ts#an update of a resource beats its time, also of what lies above and below it',
      'contract/client/caching.test.ts#an answer that was on its way when the change was told is not kept',
    ],
  },
  CACHE8: {
    summary: 'Pages are kept each by itself, and read anew from the first',
    tests: [
      'contract/client/caching.test.ts#pages are kept, and read anew from the first when one of them is no longer fresh (CACHE8)',
    ],
  },
};
