/** Servers that ask the person for input, and a host that answers. */

import type { JsonObject } from '../../../src/base/json';
import type { ConnectParams, ElicitationReply, HostRequests } from '../../../src/client/contract';
import { ClientHarness, legacyAnswers } from '../../support/clientHarness';

/** A host that offers everything. */
export const OFFERS = { offers: { sampling: true, roots: true, elicitation: { form: true, url: true } } };
/** A request for a form. */
export const FORM: JsonObject = {
  message: 'Who are you?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
};
/** A request for an address to be opened. */
export const URL_FORM: JsonObject = {
  mode: 'url',
  message: 'm',
  url: 'https://a.example/',
  elicitationId: 'e1',
};

/** The person has agreed to open an address. */
export const OPENED: ElicitationReply = { kind: 'answer', answer: { action: 'accept' } };

/** A host that answers with these in turn, the last one for ever, and remembers what it was asked. */
export function answering(
  harness: ClientHarness,
  ...replies: ElicitationReply[]
): HostRequests['elicit']['params'][] {
  const asked: HostRequests['elicit']['params'][] = [];
  harness.serve.elicit = (params) => {
    asked.push(params);
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    return reply ? Promise.resolve(reply) : Promise.reject(new Error('nobody is asked'));
  };
  return asked;
}

/** A client that offers input, connected to this server. */
export async function connected(
  answers = legacyAnswers(),
  change: Partial<ConnectParams> = {},
): Promise<ClientHarness> {
  return await ClientHarness.connected(answers, { ...OFFERS, ...change });
}
