/** Streamable HTTP of the stateless era, and arguments in headers. */

import type { Requirements } from './requirement';

export const STATELESS: Requirements = {
  HTTPM1: {
    summary: 'The stateless era only POSTs, one message each',
    tests: [
      'contract/http/bearing.test.ts#the stateless era has neither sessions nor GET nor DELETE, even when the server hands out an id',
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  HTTPM2: {
    summary: 'Answers come as JSON or as events that end with them; a server asks nothing there',
    tests: [
      'contract/http/modern.test.ts#progress on the stream of a call is reported, and comments are ignored',
      'contract/client/inboundEnds.test.ts#requests of a server of the stateless era are neither served nor answered',
    ],
  },
  HTTPM3: {
    summary: 'Comments in a stream are passed over',
    tests: [
      'contract/http/modern.test.ts#progress on the stream of a call is reported, and comments are ignored',
      'unit/transport/http/sseParser.test.ts#comments, unknown fields and an event without its blank line are left out',
    ],
  },
  HTTPM4: {
    summary: 'The version is in a header too, the same as in the message',
    tests: [
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  HTTPM5: {
    summary: 'The method is in a header',
    tests: [
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  HTTPM6: {
    summary: 'What a request is about is in a header',
    tests: [
      'contract/http/modern.test.ts#every message carries its revision, its method and what it is about, and there is no session',
    ],
  },
  HTTPM7: {
    summary: 'A broken stream loses its request; a list or a read is asked again with a new id, a call never',
    tests: [
      'contract/http/modern.test.ts#a stream that breaks loses its call: nothing is taken up again or repeated',
      'contract/client/settling.test.ts#a tool call is never sent twice, whatever fails',
      'contract/http/patience.test.ts#a list and a read whose connection ${what} are asked once more, a tool is not (${era.name})',
    ],
  },
  HTTPM8: {
    summary: 'Closing the stream takes a request back, without a message',
    tests: ['contract/http/modern.test.ts#closing the stream takes a call back, and no message says so'],
  },
  HTTPM9: {
    summary: 'Names of headers do not differ by case, values do',
    tests: [
      'contract/http/bearing.test.ts#names of headers and types of content are read in any case and with parameters',
    ],
  },
  HTTPM10: {
    summary: 'Too large a request or header is told',
    tests: [
      'contract/http/bearing.test.ts#a request that is refused with ${status} says what was too large, and the next one goes through',
    ],
  },
  HDR1: {
    summary: 'Arguments that a tool annotates are sent as headers, from their exact place',
    tests: [
      'contract/http/modern.test.ts#arguments that a tool wants as headers are sent as such too, and what is absent or null is not',
      'unit/protocol/paramHeaders.test.ts#wishes are found along properties, at any depth',
      'process/foreign/sdk2.test.ts#SDK 2.x over HTTP, stateless: arguments that a tool wants as headers are there, and are compared by the server',
    ],
  },
  HDR2: {
    summary: 'What is absent or null has no header',
    tests: [
      'contract/http/modern.test.ts#arguments that a tool wants as headers are sent as such too, and what is absent or null is not',
    ],
  },
  HDR3: {
    summary: 'Annotations are valid within strict bounds only',
    tests: ['unit/protocol/paramHeaders.test.ts#a header wish on ${what} makes the tool unusable'],
  },
  HDR4: {
    summary: 'A tool with an invalid annotation is left out, told, and the others stay',
    tests: [
      'contract/http/modern.test.ts#a tool whose header wishes are wrong is left out with the reason, and the others stay',
      'contract/client/definitions.test.ts#a wish for headers makes no tool unusable where there are none (HDR4)',
      'contract/http/legacy.test.ts#what a tool wants as headers in another era is nothing to this one (HDR4)',
    ],
  },
  HDR5: {
    summary: 'Values that no header can carry are encoded',
    tests: [
      'unit/protocol/paramHeaders.test.ts#whatever the text, its header is one line of visible ASCII that can be read back',
      'process/foreign/sdk2.test.ts#SDK 2.x over HTTP, stateless: arguments that a tool wants as headers are there, and are compared by the server',
    ],
  },
  HDR6: {
    summary:
      'The newest schema counts; when headers do not match, tools are listed anew and the call is sent once more',
    tests: [
      'contract/http/modern.test.ts#when the server says that the headers do not match, the tools are listed anew and the call is sent once more',
      'process/foreign/sdk2.test.ts#SDK 2.x over HTTP, stateless: a tool that was never listed is listed when the server misses its headers',
    ],
  },
};
