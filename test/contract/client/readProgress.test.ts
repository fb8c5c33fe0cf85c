/** Progress of what is no tool call but may take as long (PROG3, TIME2). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { ClientHarness, idOf, legacyAnswers, modernAnswers, paramsOf } from '../../support/clientHarness';

const SILENT = { 'resources/read': () => undefined, 'prompts/get': () => undefined };
const KINDS = [
  {
    what: 'read',
    method: 'resources/read',
    ask: (harness: ClientHarness): Promise<unknown> =>
      harness.host.request('readResource', { callId: 7, uri: 'a:b' }),
    answer: { contents: [] },
  },
  {
    what: 'prompt',
    method: 'prompts/get',
    ask: (harness: ClientHarness): Promise<unknown> =>
      harness.host.request('getPrompt', { callId: 7, name: 'p', arguments: {} }),
    answer: { messages: [] },
  },
];

for (const [era, answers] of [
  ['stateful', legacyAnswers],
  ['stateless', modernAnswers],
] as const)
  for (const { what, method, ask, answer } of KINDS)
    test(`how far a ${what} of a ${era} server is gets told, and keeps it alive`, async () => {
      const harness = await ClientHarness.connected(answers(SILENT), {
        timeouts: { connect: 30_000, request: 10_000, total: 60_000 },
      });
      const asked = ask(harness);
      await harness.settle();
      const [request] = harness.sent(method);
      const { progressToken } = paramsOf(request)['_meta'] as JsonObject;
      assert.ok(progressToken !== undefined);
      for (const progress of [1, 2, 3]) {
        await harness.pass(9_000);
        harness.server.notify('notifications/progress', { progressToken, progress, total: 4 });
      }
      harness.server.notify('notifications/progress', { progressToken, progress: 4, total: 4 });
      harness.server.respond(idOf(request), { resultType: 'complete', ...answer });
      await asked;
      assert.deepEqual(
        harness.heard('progress'),
        [1, 2, 3, 4].map((progress) => ({ callId: 7, progress, total: 4 })),
      );
      await harness.end();
    });
