/** Rounds of input of several calls at once, and what belongs to each of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import {
  ClientHarness,
  failureOf,
  idOf,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';

const CAPABILITIES = { capabilities: { tools: {}, resources: {}, prompts: {} } };

test('what one call is asked for and answers reaches no other call that runs beside it', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': ({ arguments: given, requestState, inputResponses }) => {
          const { n } = given as { readonly n: number };
          if (requestState === undefined)
            return {
              resultType: 'input_required',
              requestState: `state ${n}`,
              inputRequests: { [`key ${n}`]: { method: 'roots/list' } },
            };
          assert.equal(requestState, `state ${n}`);
          assert.deepEqual(Object.keys(inputResponses as JsonObject), [`key ${n}`]);
          return { resultType: 'complete', ...(textResult(`done ${n}`) as JsonObject) };
        },
      },
      CAPABILITIES,
    ),
  );
  const calls = [1, 2, 3].map((n) => harness.callTool({ n }));
  const texts = (await Promise.all(calls)).map(({ content }) => JSON.stringify(content));
  for (const [index, text] of texts.entries()) assert.match(text, new RegExp(`done ${index + 1}`));
  const ids = harness.sent('tools/call').map(idOf);
  assert.equal(new Set(ids).size, 6, 'every retry has an id of its own');
  await harness.end();
});

test('a call beside one that waits for input carries none of its state', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': () => ({
          resultType: 'input_required',
          requestState: 'mine',
          inputRequests: { k: { method: 'roots/list' } },
        }),
        'resources/read': () => ({ resultType: 'complete', contents: [] }),
        'tools/list': () => ({ resultType: 'complete', tools: [] }),
      },
      CAPABILITIES,
    ),
  );
  harness.serve.roots = () => new Promise(() => undefined);
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  await harness.host.request('readResource', { callId: 9, uri: 'test://r' });
  await harness.host.request('list', { kind: 'tools' });
  for (const method of ['resources/read', 'tools/list']) {
    const params = paramsOf(harness.sent(method)[0]);
    assert.equal('requestState' in params, false);
    assert.equal('inputResponses' in params, false);
  }
  abort.abort();
  assert.equal((await call).code, 'cancelled');
  await harness.end();
});

test('answers to inputs are bare: no envelope, no type of result', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': ({ inputResponses }) =>
          inputResponses === undefined
            ? { resultType: 'input_required', inputRequests: { k: { method: 'roots/list', params: {} } } }
            : { resultType: 'complete', content: [] },
      },
      CAPABILITIES,
    ),
  );
  await harness.callTool();
  assert.deepEqual(paramsOf(harness.sent('tools/call')[1])['inputResponses'], {
    k: { roots: [{ uri: 'file:///work', name: 'work' }] },
  });
  await harness.end();
});
