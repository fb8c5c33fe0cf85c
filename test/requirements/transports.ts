/** Transports: stdio, Streamable HTTP in both forms, HTTP+SSE. */

import type { Requirements } from './requirement';

export const TRANSPORTS: Requirements = {
  STDIO1: {
    summary: 'stdio is supported',
    tests: [
      'process/host/realServers.test.ts#server-everything in a ${isolation}: listed, called, read, prompted, completed',
      'process/foreign/reference.test.ts#server-filesystem: each of its 14 tools does what it says',
    ],
  },
  STDIO2: {
    summary: 'One message per line, and nothing else on stdin',
    tests: [
      'process/transport/stdioWire.test.ts#all messages of a turn leave in order and come back',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: results, errors, completion',
    ],
  },
  STDIO3: {
    summary: 'stderr is free text, shown and never taken for a failure',
    tests: [
      'contract/client/logText.test.ts#stderr lines reach the host',
      'unit/transport/stderrLines.test.ts#a line is cut at its bound, and says so',
      'process/transport/stdioWire.test.ts#1 GB of stderr is drained at a bounded rate of reports while the server goes on answering',
    ],
  },
  STDIO4: {
    summary: 'What is no message on stdout is borne and told',
    tests: [
      'process/transport/stdioWire.test.ts#noise on stdout is reported line by line and the next message works',
      'process/foreign/sdk1.test.ts#SDK 1.x over stdio: a model request is answered, and what else is printed on stdout is passed over',
    ],
  },
  STDIO5: {
    summary: 'Answers are told apart by id, subscriptions by theirs',
    tests: [
      'contract/client/requests.test.ts#an answer whose id has another type answers nothing',
      'contract/client/subscriptions.test.ts#list changes count only under the id of our subscription, with its type',
    ],
  },
  STDIO6: {
    summary: 'A server may end by closing its output',
    tests: [
      'process/transport/stdioLifecycle.test.ts#a closed stdout is a lost connection within 1 s, though the process lives',
      'process/transport/stdioLifecycle.test.ts#an exit is reported with its code',
    ],
  },
  STDIO7: {
    summary: 'Credentials of a local server come from its environment',
    tests: [
      'contract/host/launchSpec.test.ts#a server gets the safelist, what its entry names and its token, and nothing else',
      'contract/host/launchSpec.test.ts#an environment file adds variables, and the entry itself wins over it',
      'unit/policy/environment.test.ts#what the entry names is added, replaced or removed on ${platform}',
    ],
  },
  STDIO8: {
    notApplicable:
      'Only stdio and HTTP are spoken to servers; the link between host and client carries no MCP.',
  },
  HTTPL1: {
    summary: 'Each message is a POST of its own that takes JSON and events',
    tests: [
      'contract/http/legacy.test.ts#a session: the probe, the handshake without a session, then every request with it, and DELETE at the end',
    ],
  },
  HTTPL2: {
    summary: 'A body is one message',
    tests: [
      'contract/http/bearing.test.ts#a batch in ${form} is unpacked, as revision 2025-03-26 allows, and none is ever sent',
      'contract/http/legacy.test.ts#a session: the probe, the handshake without a session, then every request with it, and DELETE at the end',
    ],
  },
  HTTPL3: {
    summary: 'Notifications are taken with 202, or refused without harm',
    tests: [
      'contract/http/bearing.test.ts#a notification that the server refuses is noted, and the session goes on',
    ],
  },
  HTTPL4: {
    summary: 'Answers come as JSON or as events, with requests of the server before them',
    tests: [
      'process/foreign/sdk1.test.ts#SDK 1.x over Streamable HTTP: a server that answers in JSON only',
      "contract/http/legacy.test.ts#a request on a call's own stream is known to come from that call, and is answered by a POST",
    ],
  },
  HTTPL5: {
    summary: 'The negotiated revision is in a header of every later request',
    tests: [
      'contract/http/bearing.test.ts#the revision is told with every request after the handshake, GET and DELETE among them',
      'contract/http/legacy.test.ts#revision 2025-03-26 has no version header',
    ],
  },
  HTTPL6: {
    summary: "The server's own stream is asked for; 405 means there is none",
    tests: [
      'contract/http/legacyStreams.test.ts#what the server says by itself comes on a stream of its own, which is opened again with the last id',
      'contract/http/legacyStreams.test.ts#a server without such a stream is asked for it once',
    ],
  },
  HTTPL7: {
    summary: 'Several streams at once; each message comes on one',
    tests: [
      'contract/http/bearing.test.ts#several streams are open at once, and each answer counts for its own request whatever their order',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: progress, cancellation, and many calls at once on one connection',
    ],
  },
  HTTPL8: {
    summary: 'A lost connection cancels nothing; a message does',
    tests: [
      'contract/http/legacy.test.ts#a call that is cancelled is told to the server with a message, and its stream is not held',
      'contract/http/bearing.test.ts#silence ends a call over HTTP and takes it back by the means of the ${era} era',
    ],
  },
  HTTPL9: {
    summary: 'An event with an id and no data is no message; a closed stream is taken up again',
    tests: [
      'contract/http/legacyStreams.test.ts#an answer whose stream the server closes is fetched from where it stopped, not sooner than the server says',
      'unit/transport/http/sseParser.test.ts#an event that only gives the stream an id is told, and its id counts',
      'process/foreign/sdk1.test.ts#SDK 1.x over Streamable HTTP: an answer whose stream the server closes in between is taken up again',
    ],
  },
  HTTPL10: {
    summary: 'retry is waited for',
    tests: [
      'contract/http/legacyStreams.test.ts#an answer whose stream the server closes is fetched from where it stopped, not sooner than the server says',
      'unit/transport/http/policies.test.ts#the wait is a second to a minute whatever a stream says, and after Retry-After never below that within ten minutes',
    ],
  },
  HTTPL11: {
    summary: 'A stream is taken up with GET and the last id, whatever opened it',
    tests: [
      'contract/http/legacyStreams.test.ts#an answer whose stream the server closes is fetched from where it stopped, not sooner than the server says',
      'contract/http/legacyStreams.test.ts#what the server says by itself comes on a stream of its own, which is opened again with the last id',
    ],
  },
  HTTPL12: {
    summary: 'Answers come on a GET only when a stream is taken up',
    tests: [
      'contract/http/legacyStreams.test.ts#an answer whose stream the server closes is fetched from where it stopped, not sooner than the server says',
      'process/foreign/sdk1.test.ts#SDK 1.x over Streamable HTTP: an answer whose stream the server closes in between is taken up again',
    ],
  },
  SESS1: {
    summary: 'The id of a session is sent back with everything, and only one that a header can carry',
    tests: [
      'contract/http/legacy.test.ts#a session: the probe, the handshake without a session, then every request with it, and DELETE at the end',
      'contract/http/bearing.test.ts#an id of a session that no header could carry is not taken, and the session goes without',
      'contract/http/bearing.test.ts#names of headers and types of content are read in any case and with parameters',
      'contract/http/bearing.test.ts#a server without a session id is spoken to without one, and nothing is deleted at the end',
    ],
  },
  SESS2: {
    summary: 'A lost session is opened anew, without its id',
    tests: [
      'contract/http/lostSession.test.ts#a session without an id in the place of a lost one is spoken to without the id of that (SESS2)',
      'contract/http/lostSession.test.ts#what was asked in a lost session is taken back, and its id is free for the new one (SESS2)',
      'contract/http/lostSession.test.ts#a lost session is opened again once: lists are asked again, a tool call is not, and all is told as changed',
      'contract/http/lostSession.test.ts#what was asked in a session that another has replaced for ${ms} ms is asked in that one',
      'contract/http/lostSession.test.ts#a tool that was called in a session that another has replaced is not called again',
      'contract/http/notFound.test.ts#a 404 where there is no session is only that (${era})',
      'contract/http/notFound.test.ts#a session that is found lost by its stream is opened anew although nobody asks for anything',
    ],
  },
  SESS3: {
    summary: 'A session is ended with DELETE; 405 is fine',
    tests: [
      'contract/http/legacy.test.ts#a session: the probe, the handshake without a session, then every request with it, and DELETE at the end',
      'contract/http/bearing.test.ts#a DELETE that is refused with 405 is no failure',
      'process/foreign/sdk2.test.ts#SDK 2.x over HTTP, stateful: the session is ended at the server when the client closes',
    ],
  },
  SESS4: {
    summary: 'The id of a session is a secret',
    tests: [
      'contract/http/bearing.test.ts#the id of a session is told to nobody but its server, not even when it is lost',
    ],
  },
  SESS5: {
    summary: 'The stateless era has no sessions',
    tests: [
      'contract/http/bearing.test.ts#the stateless era has neither sessions nor GET nor DELETE, even when the server hands out an id',
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  SSE1: {
    summary: 'HTTP+SSE: the first event names where messages go, the stream brings what comes back',
    tests: [
      'contract/http/era.test.ts#a server of the first revision is found by its stream, and spoken to at the address that it names',
      'contract/http/oldHttpCut.test.ts#a call whose stream is cut fails as one that may have acted, and the connection is over',
      'contract/host/cutStreams.test.ts#a stream that is cut is opened again, within a second or a little more; the call in it fails and is not made again',
      'contract/http/oldHttp.test.ts#a request that the server takes when it has carried it out holds up no other one, and no answer to what is asked meanwhile',
      'process/foreign/sdk1.test.ts#SDK 1.x: a server of HTTP+SSE only is found by its stream',
      'process/foreign/sdk1.test.ts#SDK 1.x: a server that serves two forms of HTTP is spoken to over ${name}',
    ],
  },
  SSE2: {
    summary: 'One address serves for both; the old form is tried last',
    tests: [
      'contract/http/era.test.ts#a server of the first revision is found by its stream, and spoken to at the address that it names',
      'contract/http/era.test.ts#an entry that says http is not tried as one of the first revision, and one that says sse is nothing else',
      'process/foreign/sdk1.test.ts#SDK 1.x: a server that serves two forms of HTTP is spoken to over ${name}',
    ],
  },
  SSE3: {
    summary: 'The old form is used only where nothing newer is there',
    tests: [
      'contract/http/era.test.ts#an entry that says http is not tried as one of the first revision, and one that says sse is nothing else',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: of a server that speaks both eras the stateless one is used',
    ],
  },
};
