/** What servers ask for: roots. */

import type { Requirements } from './requirement';

export const ROOTS: Requirements = {
  ROOT1: {
    summary: 'Roots are declared only when they are offered, in the form of the era',
    tests: [
      'contract/client/negotiation.test.ts#capabilities are declared exactly as offered, in the form of the era',
    ],
  },
  ROOT2: {
    summary: 'Roots are file addresses',
    tests: [
      'contract/host/keeping.test.ts#folders are told only to a server whose entry says so, and never without being asked',
      'contract/host/roots.test.ts#a local server that asks for folders has the person asked, with every path, and gets none before (T148)',
    ],
  },
  ROOT3: {
    summary: 'Changed folders are told to servers of the stateful era',
    tests: [
      'contract/client/requests.test.ts#changed roots are told only to a server of the stateful era that was told of roots',
      'contract/host/resourceWatch.test.ts#servers that may know the folders are told when these change',
      'contract/host/rootsChanges.test.ts#a folder that goes is told, and one that was never shared is not',
      'process/host/realRoots.test.ts#server-filesystem works in the folders that the person chose, and in others once they choose others',
      'process/foreign/everything.test.ts#server-everything over ${name}: it asks for a model answer and for the roots, and hears of new ones',
    ],
  },
  ROOT4: {
    summary: 'Only what the person chose, or their own entry allows, is told',
    tests: [
      'contract/host/roots.test.ts#another server sees nothing of a choice',
      'contract/host/rootsChanges.test.ts#only what can be known may be chosen',
      'contract/host/rootsChanges.test.ts#a folder that comes later is not shared until it is chosen, and a server hears nothing of it',
      'contract/host/keeping.test.ts#folders are told only to a server whose entry says so, and never without being asked',
      'unit/policy/readServerEntry.test.ts#a remote entry is read, and knows no folders unless told to',
    ],
  },
  ROOT5: {
    summary: 'The person chooses the folders, each with its path, and may change that at any time',
    tests: [
      'contract/host/roots.test.ts#a local server that asks for folders has the person asked, with every path, and gets none before (T148)',
      'contract/host/rootsChanges.test.ts#a choice can be changed at any time: the server is told, and asks anew without a question',
      'e2e/folders.test.ts#each folder is shown with its path, none is checked, and only what is checked is told',
      'unit/policy/launchReview.test.ts#the rules of an entry are told where they are not as usual',
      'contract/host/launchChanges.test.ts#a changed ${what} leaves the approved process alone and starts only when it is approved itself',
      'contract/host/keeping.test.ts#folders are told only to a server whose entry says so, and never without being asked',
    ],
  },
  ROOT6: {
    summary: 'Not offered and failed have their codes; in the stateless era the call is given up',
    tests: [
      'contract/client/inbound.test.ts#unknown methods and features that were not declared do not exist',
      'contract/client/inbound.test.ts#a crash of ours is a fixed error without message, path or stack',
      'contract/client/refusedRounds.test.ts#roots that cannot be told give the call up, without a retry and without a word to the server',
    ],
  },
  ROOT7: { notApplicable: 'The host grants or denies nothing by roots: it only tells them.' },
};
