/** Requests for input as they come from a server, read by the real reader. */

import assert from 'node:assert/strict';

import type { JsonObject } from '../../../src/base/json';
import type { ElicitationForm } from '../../../src/protocol/elicitation';
import { readElicitation } from '../../../src/protocol/readElicitation';
import type { Revision } from '../../../src/protocol/revisions';

/** A request with a form of these fields. */
export function raw(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { message: 'm', requestedSchema: { type: 'object', properties, ...more } };
}

/** The form of these fields, which has to be readable. */
export function read(
  properties: JsonObject,
  revision: Revision = '2025-11-25',
  more: JsonObject = {},
): ElicitationForm {
  const found = readElicitation(raw(properties, more), revision);
  assert.ok(found.ok, found.ok ? '' : found.error);
  const { request } = found.value;
  assert.ok(request.mode === 'form');
  return request;
}

/** Why a request cannot be put before a person. */
export function refusal(params: JsonObject, revision: Revision = '2025-11-25'): string {
  const found = readElicitation(params, revision);
  assert.ok(!found.ok, 'it is refused');
  return found.error;
}
