/** JSON-RPC, the lifecycle of the stateful era, and versions. */

import type { Requirements } from './requirement';

export const LIFECYCLE: Requirements = {
  BASE1: {
    summary: 'JSON-RPC 2.0 in UTF-8 for every message',
    tests: [
      'contract/client/conduct.test.ts#every message of the ${era} era is one object with an id of its own, text or whole number, never null',
      'unit/protocol/jsonrpc.test.ts#the four kinds of messages are read and told apart',
      'process/transport/stdioWire.test.ts#invalid UTF-8 is read with replacement characters',
    ],
  },
  BASE2: {
    summary: 'Ids are texts or whole numbers, never null',
    tests: [
      'contract/client/conduct.test.ts#every message of the ${era} era is one object with an id of its own, text or whole number, never null',
      'contract/client/inbound.test.ts#1 and "1" are two requests, each answered under its own id',
    ],
  },
  BASE3: {
    summary: 'No id is used again in a session',
    tests: ['contract/client/requests.test.ts#ids are never reused'],
  },
  BASE4: {
    summary: 'Notifications have no id and get no answer',
    tests: [
      'contract/client/conduct.test.ts#notifications of a server of the ${era} era get no answer, however wrong they are',
      'contract/client/notifications.test.ts#notifications of other protocols and unknown ones do nothing',
    ],
  },
  BASE5: {
    summary: 'An error without an id belongs to the HTTP exchange it came in',
    tests: [
      'contract/http/bearing.test.ts#an error without an id fails the request whose exchange it came in, and no other (${how})',
    ],
  },
  BASE6: {
    summary: 'In the stateless era a client sends requests and notifications, never answers',
    tests: [
      'contract/client/inboundEnds.test.ts#requests of a server of the stateless era are neither served nor answered',
      'contract/client/conduct.test.ts#a server of the stateless era is never pinged, told of roots, or sent any answer',
    ],
  },
  BASE7: {
    summary: `A server's requests are answered; undeclared ones with "method not found"`,
    tests: [
      'contract/client/inbound.test.ts#a ping is answered with an empty object',
      'contract/client/inbound.test.ts#unknown methods and features that were not declared do not exist',
      'contract/client/inbound.test.ts#roots are told as the host gives them',
      'contract/client/inbound.test.ts#a sampling request is answered with one block and only what is known',
    ],
  },
  BASE8: {
    summary: 'Batches of revision 2025-03-26 are taken; none is ever sent',
    tests: [
      'contract/http/bearing.test.ts#a batch in ${form} is unpacked, as revision 2025-03-26 allows, and none is ever sent',
      'process/transport/stdioWire.test.ts#a batch is unpacked, and a pause holds within it',
      'contract/client/conduct.test.ts#every message of the ${era} era is one object with an id of its own, text or whole number, never null',
    ],
  },
  BASE9: {
    summary: 'Without resultType a result is complete; an unknown one is invalid',
    tests: [
      'contract/client/requests.test.ts#a result without resultType is complete',
      'contract/client/requests.test.ts#an unknown resultType is invalid in the stateless era and means nothing in the stateful one',
    ],
  },
  BASE10: {
    summary: 'A schema without a dialect is 2020-12; others are read in theirs, unknown ones are told',
    tests: [
      'unit/validation/schemaValidator.test.ts#each dialect is read in its own way, and unknown ones are not checked',
    ],
  },
  BASE11: {
    summary: 'References to the network are never fetched',
    tests: [
      'unit/validation/schemaValidator.test.ts#references that lead outside are not followed',
      'unit/presentation/argumentPlan.test.ts#references that lead outside, nowhere or in a circle are asked as JSON',
    ],
  },
  BASE12: {
    summary: 'A schema with references that cannot be resolved does not count as one that allows anything',
    tests: [
      'unit/ui/outputCheck.test.ts#a schema that leads outside, or whose dialect is not known, leaves the output unchecked, never fine',
      'unit/validation/schemaValidator.test.ts#references that lead outside are not followed',
    ],
  },
  BASE13: {
    summary: 'Depth, size and time of a schema check are bounded',
    tests: [
      'unit/validation/schemaValidator.test.ts#a pattern that never ends is given up after a second, and this thread does not wait for it',
      'unit/validation/schemaValidator.test.ts#a schema that explodes is given up',
      'unit/validation/schemaValidator.test.ts#schemas beyond the bounds never reach the worker',
      'contract/client/definitions.test.ts#a schema that is too large to hand over is withheld, and its tool stays listed',
    ],
  },
  BASE14: {
    summary: 'State over several requests travels as an explicit value, never as the connection',
    tests: [
      'contract/client/inputRounds.test.ts#requestState is echoed byte for byte, only the newest, and only while it is given (T147)',
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  BASE15: {
    summary: 'A process is not tied to one call; unrelated ones share it',
    tests: [
      'contract/client/conduct.test.ts#unrelated calls share one connection and one process, each answered under its own id',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: progress, cancellation, and many calls at once on one connection',
    ],
  },
  BASE16: {
    summary: 'The host says who it is with each request, and never acts on who a server says it is',
    tests: [
      'contract/client/requests.test.ts#every request of the stateless era carries the three keys and only legal ones',
      'contract/client/claims.test.ts#what a server calls itself changes nothing of how it is spoken to',
    ],
  },
  LIFE1: {
    summary: 'initialize comes first, with the newest revision, the capabilities and who we are',
    tests: [
      'contract/client/negotiation.test.ts#error ${code} to the probe means the stateful era',
      'contract/client/negotiation.test.ts#capabilities are declared exactly as offered, in the form of the era',
    ],
  },
  LIFE2: {
    summary: 'A version that is not known ends the connection',
    tests: [
      'contract/client/negotiation.test.ts#an initialize answered with an unknown version is refused, and the server let go',
    ],
  },
  LIFE3: {
    summary: 'notifications/initialized follows a successful handshake',
    tests: [
      'contract/client/negotiation.test.ts#error ${code} to the probe means the stateful era',
      'contract/http/legacy.test.ts#nothing that waits for the handshake is sent before the server has taken notifications/initialized',
      'contract/client/requests.test.ts#calls before and after a connection fail as closed',
    ],
  },
  LIFE4: {
    summary: 'Nothing is sent before the answer to initialize; a server may ping and log before',
    tests: [
      'contract/client/slowNegotiation.test.ts#nothing but ping is served before the handshake is over',
      'contract/client/conduct.test.ts#what a server logs before the handshake is over is heard, and nothing else it says then',
      'contract/http/legacy.test.ts#nothing that waits for the handshake is sent before the server has taken notifications/initialized',
      'contract/client/requests.test.ts#calls before and after a connection fail as closed',
    ],
  },
  LIFE5: {
    summary: 'Only what was negotiated is used',
    tests: [
      'contract/client/requests.test.ts#what the server does not declare is not called',
      'contract/client/requests.test.ts#completion sends no context to revisions that do not know it',
      'contract/client/resources.test.ts#what a server does not let be watched is not watched, and can be read all the same',
    ],
  },
  LIFE6: {
    summary: 'initialize is never cancelled',
    tests: [
      'contract/client/slowNegotiation.test.ts#a server that answers nothing is given up at the connect deadline; initialize is never cancelled',
      'contract/client/slowNegotiation.test.ts#aborting the connect while initialize runs sends no cancellation of it',
    ],
  },
  LIFE7: {
    summary: 'Mismatched versions, missing capabilities and silence are told',
    tests: [
      'contract/client/negotiation.test.ts#no mutual version is told with the versions the server named',
      'contract/client/refusedInitialize.test.ts#a server that refuses the version it named is told as unsupported, and not asked for ever',
      'contract/client/requests.test.ts#what the server does not declare is not called',
      'contract/client/slowNegotiation.test.ts#a server that answers nothing is given up at the connect deadline; initialize is never cancelled',
    ],
  },
  LIFE8: {
    summary: 'A process is asked to end, then told, then killed; connections over HTTP are closed',
    tests: [
      'process/transport/stdioLifecycle.test.ts#close leaves no process of a server that ${what}, within 3 s',
      'process/transport/stdioLifecycle.test.ts#close waits no longer than a server that ends with its stdin',
      'contract/http/legacy.test.ts#a session: the probe, the handshake without a session, then every request with it, and DELETE at the end',
    ],
  },
  LIFE9: {
    summary: 'A crashed server is started again; lost calls are not repeated, subscriptions are',
    tests: [
      'contract/host/crashRestarts.test.ts#it waits longer each time; the fifth crash in ten minutes is the last, until the person starts it',
      'contract/host/crashRestarts.test.ts#what was on its way fails, a call is not made again, and what is open is watched again',
      'process/host/lifecycle.test.ts#a server that crashes comes back by itself, with another process, and its lost call was made once',
      'contract/host/keeping.test.ts#a server that crashed is started again by the next use of it, and what is open is watched again',
      'contract/host/losses.test.ts#a lost server that is ${how} starts when nothing is left of the process before',
      'contract/host/resourceWatch.test.ts#a server that starts again is asked once for what is still open, and for nothing else',
      'process/host/lifecycle.test.ts#a server that crashes with ${how} says so, with its last words, and its call fails',
    ],
  },
  VER1: {
    summary: 'Version and capabilities are in every request of the stateless era',
    tests: [
      'contract/client/negotiation.test.ts#the probe carries exactly the required envelope',
      'contract/client/requests.test.ts#every request of the stateless era carries the three keys and only legal ones',
    ],
  },
  VER2: {
    summary: 'A refused version is tried again with a mutual one, or told',
    tests: [
      'contract/client/negotiation.test.ts#a refusal that names a mutual version is followed by the same request with a new id',
      'contract/client/negotiation.test.ts#no mutual version is told with the versions the server named',
      'contract/http/era.test.ts#a refused version is tried again with one that both speak, and never with the old handshake',
    ],
  },
  VER3: {
    summary: 'Over stdio the probe comes before anything else',
    tests: [
      'contract/client/negotiation.test.ts#discover is the first message, and a modern answer needs no handshake',
    ],
  },
  VER4: {
    summary: 'No single error code, and silence as well, leads to the old handshake',
    tests: [
      'contract/client/negotiation.test.ts#error ${code} to the probe means the stateful era',
      'contract/client/slowNegotiation.test.ts#silence for the probe time leads to the handshake, and the probe is then cancelled',
      'contract/http/era.test.ts#a server that takes its time for the probe is waited for, and not asked to initialize meanwhile (VER4)',
    ],
  },
  VER5: {
    summary: 'A recognised modern error never leads to the old handshake',
    tests: [
      'contract/client/negotiation.test.ts#the modern error ${code} never falls back to the handshake',
      'contract/http/era.test.ts#a refused version is tried again with one that both speak, and never with the old handshake',
    ],
  },
  VER6: {
    summary: 'The body of a 400 is read before anything is concluded',
    tests: [
      'contract/http/era.test.ts#a server that answers the probe with ${what} is asked to initialize',
      'contract/http/era.test.ts#a refused version is tried again with one that both speak, and never with the old handshake',
    ],
  },
  VER7: {
    summary: 'The era is found out once per process or connection, and anew for the next one',
    tests: [
      'contract/client/lostNegotiation.test.ts#a server that dies of the probe is started once more without it',
      'contract/client/negotiation.test.ts#discover is the first message, and a modern answer needs no handshake',
      'contract/client/slowNegotiation.test.ts#a late answer to the probe is ignored once initialize was answered',
      'contract/http/nextSession.test.ts#a server that speaks otherwise after a restart is told as gone, so that starting it anew finds out how (VER7)',
    ],
  },
  VER8: {
    summary: 'A version is chosen from what server/discover names; instructions are a bounded hint',
    tests: [
      'contract/client/negotiation.test.ts#versions that exist only behind the handshake lead to it, with the newest of them',
      'contract/client/negotiation.test.ts#what a server says of itself is bounded, and lies in capabilities count as absent',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: what it is and what it lists',
    ],
  },
  VER9: {
    summary: 'Extensions that only a server has change nothing',
    tests: [
      'contract/client/claims.test.ts#a server with extensions and experiments is spoken to as one without, and none of them is declared to it',
    ],
  },
  VER10: {
    summary: 'Extensions are off unless somebody opts in',
    tests: [
      'contract/client/negotiation.test.ts#the probe carries exactly the required envelope',
      'contract/client/claims.test.ts#a server with extensions and experiments is spoken to as one without, and none of them is declared to it',
    ],
  },
  VER11: {
    summary: 'Exactly what can be served is declared with each request',
    tests: [
      'contract/client/negotiation.test.ts#capabilities are declared exactly as offered, in the form of the era',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: what it asks for in the middle of a call, a read and a prompt',
    ],
  },
};
