/** What is sent again when it got no answer: only what a connection was closed on, and once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { NetworkProblem } from '../../../../src/protocol/failure';
import { againIfCut, NetworkError } from '../../../../src/transport/http/networkFailure';

/** How often something is sent whose first tries end so. */
async function sent(...problems: readonly (NetworkProblem | undefined)[]): Promise<string> {
  let times = 0;
  const send = (): Promise<string> => {
    const problem = problems[times++];
    return problem ? Promise.reject(new NetworkError(problem, 'host')) : Promise.resolve('done');
  };
  const outcome = await againIfCut(send).catch((error: unknown) =>
    error instanceof NetworkError ? error.problem : 'other error',
  );
  return `${times} ${outcome}`;
}

test('what a connection was closed on is sent once more, and nothing else is', async () => {
  assert.equal(await sent(undefined), '1 done');
  assert.equal(await sent('cut', undefined), '2 done');
  assert.equal(await sent('cut', 'cut', undefined), '2 cut');
  assert.equal(await sent('cut', 'timeout', undefined), '2 timeout');
  for (const problem of ['timeout', 'refused', 'certificate', 'unknown-host', 'proxy', 'other'] as const)
    assert.equal(await sent(problem, undefined), `1 ${problem}`);
});
