/** What servers ask for: sampling, rounds of input, subscriptions. */

import type { Requirements } from './requirement';

export const INPUTS: Requirements = {
  SAMP1: {
    summary:
      'Sampling is declared only when it is offered, tools only where a model takes them, context never',
    tests: [
      'contract/host/samplingTools.test.ts#a server is told of tools only where a model that takes them is set up',
      'contract/client/negotiation.test.ts#capabilities are declared exactly as offered, in the form of the era',
      'contract/host/sampling.test.ts#sampling that is off is not declared, and a server that asks anyway learns of no such method',
    ],
  },
  SAMP2: {
    summary:
      'The person sees and may change a request before it is sent, and the answer before it is delivered',
    tests: [
      'contract/host/sampling.test.ts#no is no: the server is told so, the model is not asked, and the next request is a question of its own (T136)',
      'unit/presentation/samplingReview.test.ts#a review holds everything that would be sent and everything that decides about it',
      'contract/host/samplingEdits.test.ts#an edited request goes to the model as the person wrote it, and the server is not told',
      'contract/host/samplingEdits.test.ts#the answer to an edited request waits for the person even where reviews are off (T141)',
      'contract/host/samplingExchange.test.ts#what a model says is seen as it comes, and nothing of it reaches the server before it is returned',
      'e2e/sampling.test.ts#the answer comes into the same panel, is stopped, asked for again, edited, and returned',
      'unit/presentation/samplingAnswerReview.test.ts#the review of an answer holds all of it, for whom it is and how it came about',
      'contract/host/samplingAnswers.test.ts#an answer waits for the person, and nothing of it reaches the server before it is returned',
      'contract/host/samplingAnswers.test.ts#an edited answer reaches the server as the person wrote it, without why the model ended',
      'contract/host/samplingAnswers.test.ts#a refused answer is told as a rejection, and is no denial that mutes',
      'e2e/sampling.test.ts#an edited request goes to the model that the person chose, as it stands on the page',
      'e2e/samplingKept.test.ts#messages are left out, said by somebody else and added, and go to the model so',
      'unit/ui/samplingPanelLong.test.ts#T135: a request longer than the page is not sent before all of it was shown for a moment',
      'vscode/suites/servers/decisions.test.ts#an answer of the model is shown, and returned by the person',
    ],
  },
  SAMP3: {
    summary: 'Tools that were not declared are an error',
    tests: [
      'unit/protocol/sampling.test.ts#tools are an error even when they are empty',
      'contract/client/samplingTools.test.ts#tools of a server of an older revision, which cannot have been told of them, are an error',
    ],
  },
  SAMP4: {
    summary: 'maxTokens holds; the rest is advice',
    tests: [
      'unit/policy/modelChoice.test.ts#the token limit is the server’s within ours',
      'unit/platform/modelAnswer.test.ts#an endless stream is cut at the limit and left (T140)',
      'unit/platform/modelMessages.test.ts#limits are passed on under the usual names, the token limit within ours',
      'unit/platform/chatRequest.test.ts#limits, stop sequences and tools go by their names there, the token limit within ours',
      'contract/endpoint/answers.test.ts#an endpoint that goes on beyond the limit is cut there: no chunk is less than a token',
    ],
  },
  SAMP5: {
    summary: 'Hints in order, as parts of names; the host chooses',
    tests: [
      'unit/policy/modelChoice.test.ts#hints are tried in order, as parts of names, in any case, within what the entry allows',
      'unit/policy/modelChoice.test.ts#without hints the priorities decide where names tell small from large, else the order',
    ],
  },
  SAMP6: {
    summary: 'No context of other servers is ever added',
    tests: [
      'unit/platform/chatRequest.test.ts#messages become those of the interface, in order, with nothing added and nothing left out',
      'unit/platform/modelMessages.test.ts#the messages leave in order, with nothing added, and the system prompt first and marked',
      'unit/presentation/samplingReview.test.ts#a review holds everything that would be sent and everything that decides about it',
    ],
  },
  SAMP7: {
    summary: 'One block or several, of text, image, audio, and uses and results of tools',
    tests: [
      'unit/protocol/samplingTools.test.ts#uses and results of tools are read; what no model takes in a result is its JSON',
      'unit/protocol/sampling.test.ts#a whole request is read',
      'contract/client/inbound.test.ts#images, audio and lists of blocks reach the host as bytes',
    ],
  },
  SAMP8: {
    summary: 'Malformed conversations are invalid params',
    tests: [
      'unit/protocol/samplingTools.test.ts#each use is answered by one result in the next message of the user, which holds nothing else (SAMP8)',
      'contract/client/samplingTools.test.ts#a conversation whose uses and results of tools do not fit together is invalid, and nobody is asked',
      'unit/protocol/sampling.test.ts#blocks of kinds that were not declared are refused',
      'contract/client/inbound.test.ts#invalid params are refused in our own words, and the host is not asked',
    ],
  },
  SAMP9: {
    summary: 'Tools are the model’s to ask for and the server’s to use',
    tests: [
      'unit/protocol/samplingTools.test.ts#tools are read with their schemas as text, and used by the model as it likes unless the server says otherwise',
      'contract/client/samplingTools.test.ts#where tools were declared they reach the host, and the model’s uses of them go back to the server',
      'contract/host/samplingTools.test.ts#uses of tools wait for the person with the answer, and go to the server: none of them is called here',
      'contract/endpoint/answers.test.ts#uses of tools come together from their chunks, and go back to the server with their reason',
    ],
  },
  SAMP10: {
    summary: 'The answer is one block unless tools are to be used, with its model and only a known reason',
    tests: [
      'unit/protocol/samplingTools.test.ts#an answer with uses of tools is a list of blocks, and the text is none of them when there is none',
      'contract/endpoint/answers.test.ts#reasons of an end are told where they are certain, and left out where not',
      'unit/protocol/sampling.test.ts#an answer is one block, without a reason nobody gave',
      'contract/host/samplingExchange.test.ts#T141: an answer by hand reaches the server with the reason that the person gave for its end',
      'contract/client/inbound.test.ts#a sampling request is answered with one block and only what is known',
    ],
  },
  SAMP11: {
    notApplicable: 'It is the server that sends tool blocks again: this host keeps no conversation (SAMP15).',
  },
  SAMP12: {
    summary: 'A refusal is error -1, or in the stateless era the end of the call',
    tests: [
      'contract/client/inbound.test.ts#no and not available have their own errors',
      'contract/client/refusedRounds.test.ts#denied sampling abandons the call without any message to the server',
      'vscode/suites/servers/flow.test.ts#a denied request is refused with code -1, and the model is not asked',
    ],
  },
  SAMP13: {
    summary: 'Approval, limits and checks stand before every model request',
    tests: [
      'unit/policy/samplingDecision.test.ts#sampling that is off stays off in every situation',
      'unit/policy/samplingDecision.test.ts#a muted server stays muted, whatever time passes',
      'contract/host/samplingLimits.test.ts#three denials mute the server, also for what already waits, and whatever becomes of its entry (T136)',
      'contract/client/inboundLimits.test.ts#three model requests are open at once, further ones are busy, and room is made as they end',
      'contract/client/inbound.test.ts#invalid params are refused in our own words, and the host is not asked',
      'contract/host/samplingGrants.test.ts#a rule lets a server do no more than all servers may: ten requests in a call',
      'contract/host/samplingGrants.test.ts#a server that is muted stays muted, whatever rule there is',
      'contract/host/grantInterleavings.test.ts#whatever comes in whatever order, each request settles once, and none reaches a model without a yes or a rule',
    ],
  },
  SAMP14: {
    summary: 'What is asked and answered stays between server, person and model',
    tests: [
      'contract/host/keeping.test.ts#of a request for a model answer nothing is kept once it is settled, and its words reach no log',
      'contract/host/sampling.test.ts#what the model or its provider says in an error never reaches the server (T142)',
      'contract/endpoint/failures.test.ts#the key goes to the origin that it was set for, and to no other',
      'contract/endpoint/failures.test.ts#a redirect to another origin is not followed, with the request or without',
    ],
  },
  SAMP15: {
    summary: 'Nothing is kept between requests but counts',
    tests: [
      'contract/host/samplingLedgerKeeping.test.ts#counts outlive the window, with names and numbers and nothing of any text',
      'contract/host/keeping.test.ts#of a request for a model answer nothing is kept once it is settled, and its words reach no log',
    ],
  },
  SAMP16: {
    summary: 'Outside a call of the person sampling is refused unless a setting says otherwise',
    tests: [
      'contract/host/sampling.test.ts#a request while no call of the person runs is refused, unless a setting of the person says otherwise (T138)',
      'contract/host/sampling.test.ts#when the call ends, the request that waits is withdrawn and the next is not put before the person',
    ],
  },
  MRTR1: {
    summary: 'Only calls, reads and prompts may ask for input',
    tests: [
      'contract/client/requests.test.ts#only calls, reads and prompts may be answered with a request for input',
      'unit/protocol/codec.test.ts#requests for input are valid for three methods only',
    ],
  },
  MRTR2: {
    summary: 'All answers come before the retry, under the same keys',
    tests: [
      'contract/client/inputRounds.test.ts#inputs are answered under the same keys, and the original request is repeated with a new id',
      'contract/client/inputRounds.test.ts#a round without requests is retried with a growing pause',
      'contract/host/roundParts.test.ts#folders that a call needs beside other things are asked for as one of them, and belong to the call',
      'e2e/rounds.test.ts#what a call needs at once is one entry, is answered step by step, and the call ends with all of it',
    ],
  },
  MRTR3: {
    summary: 'State goes back byte for byte, the newest only',
    tests: [
      'contract/client/inputRounds.test.ts#requestState is echoed byte for byte, only the newest, and only while it is given (T147)',
    ],
  },
  MRTR4: {
    summary: 'A retry repeats the params under a new id',
    tests: [
      'contract/client/inputRounds.test.ts#inputs are answered under the same keys, and the original request is repeated with a new id',
      'contract/client/roundsApart.test.ts#what one call is asked for and answers reaches no other call that runs beside it',
    ],
  },
  MRTR5: {
    summary: 'Answers and state belong to one retry of one call',
    tests: [
      'contract/client/roundsApart.test.ts#what one call is asked for and answers reaches no other call that runs beside it',
      'contract/client/roundsApart.test.ts#a call beside one that waits for input carries none of its state',
      'contract/client/inputRounds.test.ts#requestState is echoed byte for byte, only the newest, and only while it is given (T147)',
    ],
  },
  MRTR6: {
    summary: 'Rounds are bounded, and slow down without questions',
    tests: [
      'contract/client/inputRounds.test.ts#ten rounds are the end, and the person is not asked for an eleventh (T147)',
      'contract/client/inputRounds.test.ts#rounds without requests end as well, within less than a minute of pauses',
      'contract/client/inputRounds.test.ts#a round without requests is retried with a growing pause',
    ],
  },
  MRTR7: {
    summary: 'Questions and answers have no envelope',
    tests: [
      'contract/client/roundsApart.test.ts#answers to inputs are bare: no envelope, no type of result',
      'unit/protocol/codec.test.ts#input requests are read with their own keys',
    ],
  },
  MRTR8: {
    summary: 'Denied sampling or roots give the call up in silence',
    tests: [
      'contract/client/refusedRounds.test.ts#denied sampling abandons the call without any message to the server',
      'contract/client/refusedRounds.test.ts#roots that cannot be told give the call up, without a retry and without a word to the server',
    ],
  },
  MRTR9: {
    summary: 'What was not declared is not served',
    tests: [
      'contract/client/refusedRounds.test.ts#a kind of input that is not offered gives the call up before anybody is asked',
    ],
  },
  SUBS1: {
    summary: 'A subscription asks for exactly what is wanted',
    tests: [
      'contract/client/subscriptions.test.ts#one subscription asks for the lists that the server says change',
      'contract/client/subscriptions.test.ts#list changes count only under the id of our subscription, with its type',
      'contract/client/subscriptionGaps.test.ts#only what the subscription is about is told, and a new filter meanwhile makes no difference',
    ],
  },
  SUBS2: {
    summary: 'What the server agrees to is compared with what was asked',
    tests: [
      'contract/client/subscriptionGaps.test.ts#a server that agrees to less than it was asked for is noted, once',
      'contract/client/subscriptionGaps.test.ts#an acknowledgement in no form agrees to nothing',
    ],
  },
  SUBS3: {
    summary: 'A subscription is known by the id of its request, with its type',
    tests: [
      'contract/client/subscriptions.test.ts#list changes count only under the id of our subscription, with its type',
    ],
  },
  SUBS4: {
    summary: 'Another filter is another subscription, opened before the old one ends',
    tests: [
      'contract/client/subscriptions.test.ts#watching opens the new subscription before it cancels the old one',
      'contract/client/subscriptions.test.ts#when nothing is left to hear of the subscription is ended, and none takes its place',
    ],
  },
  SUBS5: {
    summary: 'A subscription may end in any way, and is opened again slowly',
    tests: [
      'contract/client/subscriptions.test.ts#a subscription that the server ends with ${how} is opened again after a pause',
      'contract/client/subscriptionGaps.test.ts#what may have changed while there was no subscription is told when there is one again',
      'contract/client/subscriptions.test.ts#a server that ends its subscriptions at once is left alone after a few',
    ],
  },
  SUBS6: {
    summary: 'After a restart a server is subscribed to again',
    tests: [
      'contract/host/keeping.test.ts#a server of the stateless era that is started again is asked for the same subscription again',
      'contract/host/resourceWatch.test.ts#a server that starts again is asked once for what is still open, and for nothing else',
    ],
  },
  SUBS7: {
    summary: 'A subscription has no deadline',
    tests: ['contract/client/subscriptions.test.ts#a subscription has no deadline'],
  },
};
