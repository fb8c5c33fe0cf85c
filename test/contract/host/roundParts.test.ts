/** Several requests in one result of the stateless era: the person is told which of how many each is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { approvalItems, isGroup } from '../../../src/presentation/approvalGroups';
import { approvalRow } from '../../../src/presentation/approvalRows';
import { causeInOwnWords, causeText } from '../../../src/presentation/consentTexts';
import { modernAnswers, textResult } from '../../support/clientHarness';
import { tool, type HostHarness } from '../../support/hostHarness';
import { ID, PARAMS, running } from './asking';

const VERSE = { method: 'sampling/createMessage', params: PARAMS };
const FORM = {
  method: 'elicitation/create',
  params: { message: 'm', requestedSchema: { type: 'object', properties: {} } },
};

/** A server whose tool needs these before it answers; it returns the keys of what it got. */
async function needing(inputRequests: JsonObject): Promise<HostHarness> {
  return await running(
    modernAnswers(
      {
        'tools/list': () => ({ resultType: 'complete', tools: [tool('poet')] }),
        'tools/call': ({ inputResponses }) =>
          inputResponses === undefined
            ? { resultType: 'input_required', inputRequests }
            : {
                resultType: 'complete',
                ...(textResult(Object.keys(inputResponses as JsonObject).join()) as JsonObject),
              },
      },
      { capabilities: { tools: {} } },
    ),
  );
}

test('several requests in one result are put as one, step by step: each says which of how many it is', async () => {
  const harness = await needing({ verse: VERSE, who: FORM, more: FORM });
  const call = harness.host.callTool(ID, 'poet', {}, {});
  for (let index = 1; index <= 3; index++) {
    await harness.settle();
    const [entry, ...others] = harness.host.consent.entries();
    assert.deepEqual(others, []);
    assert.ok(entry && 'cause' in entry.subject);
    assert.deepEqual(entry.subject.cause, {
      kind: 'call',
      callId: 1,
      callTitle: 'poet',
      part: { index, of: 3 },
    });
    assert.equal(
      causeText(entry.subject.cause),
      `your call of poet, request ${index} of the 3 that it waits for`,
    );
    assert.equal(causeInOwnWords(entry.subject.cause), `for a call that you made (${index} of 3)`);
    const { description, spoken } = approvalRow(entry, entry.since);
    assert.match(description ?? '', new RegExp(`^${index} of 3 · \\d+ min left$`));
    assert.match(spoken, new RegExp(`, ${index} of 3, expires in \\d+ min$`));
    const isForm = entry.subject.kind === 'elicitation';
    assert.ok(
      harness.host.consent.decide(entry.id, isForm ? { kind: 'deny' } : { kind: 'answer', text: 'x' }),
    );
  }
  assert.equal((await call).isError, false);
  await harness.end();
});

test('folders that a call needs beside other things are asked for as one of them, and belong to the call', async () => {
  const harness = await needing({ who: FORM, where: { method: 'roots/list' } });
  const call = harness.host.callTool(ID, 'poet', {}, {});
  await harness.settle();
  harness.host.consent.decide(harness.onlyQuestion('elicitation').id, { kind: 'deny' });
  await harness.settle();
  const entry = harness.onlyQuestion('roots');
  const part = { index: 2, of: 2 };
  assert.deepEqual(entry.subject.cause, { kind: 'call', callId: 1, callTitle: 'poet', part });
  const { description, tooltip } = approvalRow(entry, entry.since);
  assert.match(description ?? '', /^2 of 2 · \d+ min left$/);
  assert.match(tooltip().join(), /Asked: your call of poet, request 2 of the 2 that it waits for\./);
  const [group] = approvalItems([entry]);
  assert.ok(group && isGroup(group) && group.callTitle === 'poet');
  harness.host.consent.decide(entry.id, { kind: 'deny' });
  assert.equal((await call).isError, false);
  await harness.end();
});

test('a request that comes alone is not counted', async () => {
  const harness = await needing({ who: FORM });
  harness.host.callTool(ID, 'poet', {}, {}).catch(() => undefined);
  await harness.settle();
  const { subject } = harness.onlyQuestion('elicitation');
  assert.deepEqual(subject.cause, { kind: 'call', callId: 1, callTitle: 'poet' });
  await harness.end();
});
