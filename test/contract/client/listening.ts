/** What tests of the stateless era's subscriptions say and see of them. */

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { idOf, paramsOf, type ClientHarness } from '../../support/clientHarness';

/** The key under which a notification names its subscription. */
export const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';
/** The filter of a server that offers everything. */
export const ALL_LISTS = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

/** The filters that were asked for, in order. */
export function filters(harness: ClientHarness): (JsonValue | undefined)[] {
  return harness.sent('subscriptions/listen').map((frame) => paramsOf(frame)['notifications']);
}

/** A notification of the server, under the id of a subscription. */
export function notify(harness: ClientHarness, method: string, id?: JsonValue, more = {}): void {
  harness.server.notify(method, {
    ...more,
    ...(id === undefined ? {} : { _meta: { [SUBSCRIPTION_ID]: id } }),
  });
}

/** The newest subscription. */
export function newest(harness: ClientHarness): JsonRpcMessage | undefined {
  return harness.sent('subscriptions/listen').at(-1);
}

/** The server agrees to the newest subscription, or to a part of it. */
export function acknowledge(harness: ClientHarness, agreed: JsonObject = ALL_LISTS): void {
  notify(harness, 'notifications/subscriptions/acknowledged', idOf(newest(harness)), {
    notifications: agreed,
  });
}

/** Ends the newest subscription from the server's side. */
export async function endNewest(harness: ClientHarness): Promise<void> {
  harness.server.notify('notifications/cancelled', { requestId: idOf(newest(harness)) });
  await harness.settle();
}

/** All four lists as they are told to have changed. */
export const ALL_CHANGED = ['tools', 'prompts', 'resources', 'resourceTemplates'].map((kind) => ({ kind }));
