/** Requests, rules, revocations and ends in any order: each request settles once, and nothing goes to a model without a yes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { Deferred } from '../../../src/base/deferred';
import type { SamplingAnswer } from '../../../src/protocol/sampling';
import type { HostHarness } from '../../support/hostHarness';
import { calling, ID, PARAMS } from './asking';
import { TERMS } from './granting';

type Action = 'ask' | 'rule' | 'once' | 'deny' | 'revoke' | 'answer' | 'cancel' | 'call' | 'wait';

/** A host under test, with what it did. */
class Run {
  asked = 0;
  readonly replies: unknown[] = [];
  /** Yeses of the person that no request has used yet. */
  private allowed = 0;
  private readonly atModel: { readonly isRuled: boolean; readonly signal: AbortSignal; answer(): void }[] =
    [];

  constructor(readonly harness: HostHarness) {
    harness.world.samplingReviewAnswers = false;
    harness.world.answer = (_request, signal) => {
      const answer = new Deferred<SamplingAnswer>();
      const isRuled = this.allowed === 0;
      if (isRuled) assert.equal(this.rules.length, 1, 'somebody allowed it');
      else this.allowed--;
      const give = (): void => answer.resolve({ role: 'assistant', text: 'x', model: 'm' });
      this.atModel.push({ isRuled, signal, answer: give });
      return answer.promise;
    };
  }

  async act(action: Action): Promise<void> {
    const { harness } = this;
    const entry = harness.host.consent.entries()[0];
    switch (action) {
      case 'ask':
        this.asked++;
        void harness
          .start('one')
          .server.request('sampling/createMessage', PARAMS)
          .then((reply) => this.replies.push(reply));
        break;
      case 'rule':
        // One rule at a time, so that it is known which of them allowed what.
        if (entry && this.rules.length === 0) {
          this.allowed++;
          assert.equal(await harness.host.permissions.allowFor(entry.id, TERMS), 'allowed');
          assert.ok(!harness.host.consent.decide(entry.id, { kind: 'deny' }), 'it is settled');
        }
        break;
      case 'once':
        if (entry) this.allowed++;
        if (entry) assert.ok(harness.host.consent.decide(entry.id, { kind: 'allow-once' }));
        break;
      case 'deny':
        if (entry) assert.ok(harness.host.consent.decide(entry.id, { kind: 'deny' }));
        break;
      case 'revoke':
        await harness.host.permissions.grants.revokeAll();
        for (const { isRuled, signal } of this.atModel) if (isRuled) assert.ok(signal.aborted);
        break;
      case 'answer':
        this.atModel.shift()?.answer();
        break;
      case 'cancel':
        for (const { id } of harness.host.calls.runningOf(ID)) harness.host.calls.cancel(id);
        break;
      case 'call':
        harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
        break;
      case 'wait':
        await harness.pass(1_200_000);
    }
    await harness.settle();
  }

  private get rules(): readonly unknown[] {
    return this.harness.host.permissions.grants.list();
  }
}

test('whatever comes in whatever order, each request settles once, and none reaches a model without a yes or a rule', async () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Action>('ask') },
    { weight: 3, arbitrary: fc.constantFrom<Action[]>('rule', 'once', 'answer') },
    { weight: 2, arbitrary: fc.constantFrom<Action[]>('revoke', 'call', 'cancel', 'wait', 'deny') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 14 }), async (actions) => {
      const run = new Run(await calling());
      for (const one of actions) await run.act(one);
      await run.act('cancel');
      assert.equal(run.replies.length, run.asked);
      assert.deepEqual(run.harness.host.consent.entries(), []);
      await run.harness.end();
    }),
    { numRuns: 60 },
  );
});
