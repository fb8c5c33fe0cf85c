/** Rules about requests for model answers, made as a person makes them. */

import assert from 'node:assert/strict';

import { Deferred } from '../../../src/base/deferred';
import type { GrantTerms } from '../../../src/host/samplingGrants';
import type { SamplingAnswer } from '../../../src/protocol/sampling';
import type { HostHarness } from '../../support/hostHarness';
import { ask, PARAMS, type Reply } from './asking';

/** Where rules are kept. */
export const KEY = 'samplingGrants/1';

/** A rule of this session about any call, with room for three requests an hour. */
export const TERMS: GrantTerms = {
  scope: 'session',
  onlyTool: false,
  onlyModel: true,
  bounds: {
    tokensPerRequest: 5_000,
    hour: { requests: 3, tokens: 20_000 },
    day: { requests: 5, tokens: 40_000 },
  },
  covers: [],
};

/** The server asks, and the person makes a rule of it. @returns what became of it */
export async function allowFor(
  harness: HostHarness,
  terms: Partial<GrantTerms> = {},
): Promise<'allowed' | 'not-stored' | 'gone' | 'not-grantable'> {
  const { id } = harness.onlyQuestion('sampling');
  const outcome = await harness.host.permissions.allowFor(id, { ...TERMS, ...terms });
  await harness.settle();
  return outcome;
}

/** Makes a rule of the server's next request. */
export async function makeRule(harness: HostHarness, terms: Partial<GrantTerms> = {}): Promise<void> {
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  assert.equal(await allowFor(harness, terms), 'allowed');
}

/** Asserts that a request of the server is answered without anybody being asked. */
export async function assertCovered(harness: HostHarness): Promise<void> {
  const reply = await settled(harness);
  assert.ok(reply && 'result' in reply, 'it is answered');
}

/** Asserts that a request of the server is put before the person, and takes it away again. @returns why no rule covers it */
export async function assertAsked(harness: HostHarness): Promise<string | undefined> {
  void settled(harness);
  await harness.settle();
  const { id, subject } = harness.onlyQuestion('sampling');
  harness.host.consent.decide(id, { kind: 'answer', text: 'by hand' });
  await harness.settle();
  return subject.grant?.whyAsked;
}

async function settled(harness: HostHarness): Promise<Reply | undefined> {
  let reply: Reply | undefined;
  void ask(harness).then((value) => (reply = value));
  await harness.settle();
  return reply;
}

/** A model that answers when it is told to. */
export class SlowModel {
  readonly signals: AbortSignal[] = [];
  readonly answers: Deferred<SamplingAnswer>[] = [];

  constructor(harness: HostHarness) {
    harness.world.answer = (_request, signal) => {
      const answer = new Deferred<SamplingAnswer>();
      this.signals.push(signal);
      this.answers.push(answer);
      return answer.promise;
    };
  }

  /** Gives the newest answer. */
  answer(): void {
    this.answers.at(-1)?.resolve({ role: 'assistant', text: 'late', model: 'test-model' });
  }
}
