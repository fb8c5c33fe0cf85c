/** Cancellation, progress, timeouts, pings, pages, completion, icons, metadata, errors. */

import type { Requirements } from './requirement';

export const UTILITIES: Requirements = {
  CANC1: {
    summary: 'A request that should stop is cancelled, once, and only our own while it runs',
    tests: [
      'contract/client/deadlines.test.ts#aborting sends one cancellation with the id of the call, however often it is done',
      'contract/client/deadlines.test.ts#a call that is answered is not cancelled any more',
      'contract/client/deadlines.test.ts#a call that is aborted before it starts never leaves',
      'contract/http/oldHttp.test.ts#a call that is cancelled before its turn has come never leaves, and the server hears nothing of it',
      'contract/http/cancelledSignIn.test.ts#a call that is cancelled while somebody is asked to sign in is not sent when they have, and asks nobody again (${form})',
    ],
  },
  CANC2: {
    summary: 'Over stdio and in the stateful era a message cancels, with the id',
    tests: [
      'contract/client/deadlines.test.ts#silence ends a call and cancels it at the server in the ${era} era',
      'contract/http/legacy.test.ts#a call that is cancelled is told to the server with a message, and its stream is not held',
      'unit/rpc/rpcConnection.test.ts#a reason that is a string is told to the server, any other is not',
    ],
  },
  CANC3: {
    summary: 'What comes after a cancellation changes nothing',
    tests: [
      'contract/client/deadlines.test.ts#what comes after a timeout, a cancellation or a close changes nothing',
    ],
  },
  CANC4: {
    summary:
      'Senseless cancellations are ignored; a request that a server takes back is stopped and not answered',
    tests: [
      'contract/client/inboundEnds.test.ts#a request that the server takes back is withdrawn and never answered',
      'contract/client/inboundEnds.test.ts#a cancellation of the server never ends a call of ours, not even with an equal id',
      'unit/rpc/inboundRequests.test.ts#what is taken back is aborted and not answered, before or after it is begun',
      'contract/client/conduct.test.ts#why a server takes back what it asked for is told, and only when there was such a request',
    ],
  },
  CANC5: {
    summary: 'In the stateless era a server cancels subscriptions only',
    tests: [
      'contract/client/subscriptions.test.ts#a cancellation of the server ends no call of the stateless era',
    ],
  },
  CANC6: {
    summary: 'Reasons are logged, and a cancelled call is shown as such',
    tests: [
      'contract/client/conduct.test.ts#why a server takes back what it asked for is told, and only when there was such a request',
      'unit/rpc/rpcConnection.test.ts#a reason that is a string is told to the server, any other is not',
      'e2e/calls.test.ts#a long call shows its progress, and Cancel ends it',
      'unit/host/calls.test.ts#cancelling aborts the work, from here or from the caller, even before it began',
    ],
  },
  PROG1: {
    summary: 'Tokens are unique among running requests',
    tests: [
      'unit/rpc/progressTokens.test.ts#nothing is heard behind the end, and tokens are not used again',
      'unit/rpc/progressTokens.test.ts#a token is added to a copy, beside what is there',
    ],
  },
  PROG2: {
    summary: 'Progress rises, may be a fraction, may lack a total; none counts after the end',
    tests: [
      'unit/rpc/progressTokens.test.ts#reports rise, may be fractions, and may lack a total',
      'contract/client/notifications.test.ts#no progress comes behind a call that failed',
      'contract/client/notifications.test.ts#progress that comes with the result but behind it is not told',
    ],
  },
  PROG3: {
    summary: 'Reports are taken for known tokens only, and passed on slowly',
    tests: [
      'unit/rpc/progressTokens.test.ts#unknown tokens, other types and values that are no numbers are ignored',
      'contract/client/notifications.test.ts#progress is told ten times a second at most, and the last before the result',
      'contract/client/readProgress.test.ts#how far a ${what} of a ${era} server is gets told, and keeps it alive',
    ],
  },
  TIME1: {
    summary: 'Every request has a deadline, then it is cancelled and not waited for',
    tests: [
      'contract/client/deadlines.test.ts#silence ends a call and cancels it at the server in the ${era} era',
      'contract/http/bearing.test.ts#silence ends a call over HTTP and takes it back by the means of the ${era} era',
      'contract/client/deadlines.test.ts#no timer outlives its call',
    ],
  },
  TIME2: {
    summary: 'Deadlines are settings; progress starts one again, a longest time holds always',
    tests: [
      'contract/client/deadlines.test.ts#progress starts the idle limit again but not the total one',
      'unit/policy/readServerEntry.test.ts#clamped timeouts lie between a second and a day',
      'unit/rpc/sessionClock.test.ts#a sign of life starts the idle limit again, never the total one',
    ],
  },
  PING1: {
    summary: 'A ping is answered at once, also during the handshake',
    tests: [
      'contract/client/inbound.test.ts#a ping is answered with an empty object',
      'contract/client/slowNegotiation.test.ts#nothing but ping is served before the handshake is over',
      'contract/http/legacy.test.ts#an answer to the server does not wait for the end of the handshake: the server may be waiting for it',
    ],
  },
  PING3: {
    summary: 'The stateless era has no ping',
    tests: [
      'contract/client/conduct.test.ts#a server of the stateless era is never pinged, told of roots, or sent any answer',
      'contract/client/inboundEnds.test.ts#requests of a server of the stateless era are neither served nor answered',
    ],
  },
  COMP1: {
    summary: 'Arguments of prompts and variables of templates are completed',
    tests: [
      'contract/client/completion.test.ts#a prompt is named by its name and a template by its address, with what is chosen already (${era})',
      'process/foreign/everything.test.ts#server-everything over ${name}: prompts, and completion of their arguments and of templates',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: results, errors, completion',
      'vscode/suites/servers/documents.test.ts#a template asks for its variables with what the server suggests',
    ],
  },
  COMP2: {
    summary: 'Only where it is declared; the oldest revision is simply asked',
    tests: [
      'contract/client/requests.test.ts#completion of the oldest revision is tried without a capability, and its absence is no error',
      'contract/client/requests.test.ts#what the server does not declare is not called',
    ],
  },
  COMP3: {
    summary: 'Few questions, when the typing pauses; at most 100 values; what is chosen already goes along',
    tests: [
      'unit/ui/suggestions.test.ts#a server is asked once the typing pauses, for what is there then',
      'unit/ui/suggestions.test.ts#a new question takes the one before back, whose answer does not count any more',
      'contract/client/requests.test.ts#completion values are bounded in number and length',
      'contract/client/requests.test.ts#completion sends no context to revisions that do not know it',
      'process/foreign/everything.test.ts#server-everything over ${name}: prompts, and completion of their arguments and of templates',
      'vscode/suites/servers/documents.test.ts#a template asks for its variables with what the server suggests',
    ],
  },
  COMP4: {
    summary: 'Questions are few, and what comes is checked and bounded',
    tests: [
      'contract/client/requests.test.ts#completion values are bounded in number and length',
      'unit/ui/suggestions.test.ts#a server is asked once the typing pauses, for what is there then',
      'unit/ui/suggestions.test.ts#once it is disposed nothing is asked, waited for or told',
    ],
  },
  PAGE1: {
    summary: 'Cursors go back as they came; an empty one is one',
    tests: [
      'contract/client/lists.test.ts#all pages are read, an empty cursor among them, and cursors go back as they came',
    ],
  },
  PAGE2: {
    summary: 'No size of a page is assumed; a missing cursor ends; a refused one is told',
    tests: [
      'contract/client/resources.test.ts#a server without pages is read with one request, and no size of a page is assumed',
      'contract/client/lists.test.ts#a cursor that is no string ends the list, which is not whole then unless it is null',
      'contract/client/lists.test.ts#a page that fails behind the first keeps what came, with a note without words of the server',
      'unit/host/catalog.test.ts#a read that breaks off behind its first page keeps a whole list, and takes the place of one that was not whole (T102)',
    ],
  },
  PAGE3: {
    summary: 'Pages are bounded, and a repeated cursor ends the list',
    tests: [
      'contract/client/lists.test.ts#a repeated cursor stops the list and keeps what came',
      'contract/client/lists.test.ts#endless pages stop at one hundred',
      'contract/client/lists.test.ts#a list that takes longer than thirty seconds is cut between pages',
      'contract/client/listBudget.test.ts#cursors count too',
    ],
  },
  ICON1: {
    notApplicable: 'Icons of servers are never shown as pictures: a definition tells of them as JSON.',
  },
  ICON2: {
    summary: 'Addresses of icons: https and data only',
    tests: [
      'contract/client/claims.test.ts#nothing is asked for on account of icons, and addresses that could act are not even kept',
    ],
  },
  ICON3: {
    summary: 'Icons are fetched without credentials, bounded and checked',
    tests: [
      'contract/client/claims.test.ts#nothing is asked for on account of icons, and addresses that could act are not even kept',
    ],
  },
  ICON4: {
    notApplicable: 'Icons of servers are never shown as pictures: a definition tells of them as JSON.',
  },
  META1: {
    summary: 'Keys of _meta have a grammar, and reserved ones no meaning of ours',
    tests: [
      'contract/client/claims.test.ts#keys of _meta that a server adds anywhere mean nothing, reserved ones included',
      'contract/client/requests.test.ts#every request of the stateless era carries the three keys and only legal ones',
      'contract/client/requests.test.ts#no request of the stateful era carries keys of the stateless one, and only calls, reads and prompts ask for progress',
    ],
  },
  META2: {
    notApplicable: 'The host traces nothing, so it sends no trace context; what a server sends is not read.',
  },
  ERR1: {
    summary: 'Codes that the specification keeps are never ours',
    tests: [
      'contract/client/inbound.test.ts#unknown methods and features that were not declared do not exist',
      'contract/client/inbound.test.ts#no and not available have their own errors',
      'contract/client/inboundEnds.test.ts#requests of a server of the stateless era are neither served nor answered',
    ],
  },
  ERR2: {
    summary: 'Codes of implementations mean nothing to us, and in the stateless era none is sent',
    tests: [
      'contract/client/negotiation.test.ts#error ${code} to the probe means the stateful era',
      'contract/client/conduct.test.ts#a server of the stateless era is never pinged, told of roots, or sent any answer',
    ],
  },
  ERR3: {
    summary: 'Codes of older revisions are never sent in the stateless era',
    tests: [
      'contract/client/conduct.test.ts#a server of the stateless era is never pinged, told of roots, or sent any answer',
    ],
  },
  ERR4: {
    summary: 'Failures of our own are told apart from errors of a server',
    tests: [
      'unit/protocol/codec.test.ts#every failure has a sentence without words of the server',
      'contract/client/deadlines.test.ts#silence ends a call and cancels it at the server in the ${era} era',
      'contract/client/requests.test.ts#an error of the server is told with bounded message and data',
    ],
  },
  ERR5: {
    summary: 'A server that needs an undeclared capability is told to the person',
    tests: [
      'contract/client/conduct.test.ts#a server that needs what was not declared is told apart, with what it says',
      'process/foreign/sdk2.test.ts#SDK 2.x: a call that needs what the client does not offer is refused by the server in its own way',
    ],
  },
};
