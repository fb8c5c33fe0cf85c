/** Failures, as tests expect them. */

import assert from 'node:assert/strict';

import { describeFailure } from '../../src/presentation/failureTexts';
import { FailureError } from '../../src/protocol/failure';

/** Passes when `work` fails in a way that a person is told of like this. */
export async function failsSaying(work: Promise<unknown>, told: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof FailureError, String(error));
    assert.match(describeFailure(error.failure), told);
    return true;
  });
}
