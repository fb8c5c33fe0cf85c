/** A host that never gets to ask its person for input. */

import type { HostRequests } from '../../src/client/contract';
import type { Handler } from '../../src/rpc/link';

export const noElicitation: {
  elicit: Handler<HostRequests['elicit']>;
  awaitElicitation: Handler<HostRequests['awaitElicitation']>;
} = {
  elicit: () => Promise.resolve({ kind: 'unavailable', message: 'Not available.' }),
  awaitElicitation: () => Promise.resolve({ kind: 'give-up' }),
};
