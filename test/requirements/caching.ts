/** Caching, liveness and logging. */

import type { Requirements } from './requirement';

export const CACHING: Requirements = {
  LOG3: {
    summary: 'Messages are bounded, checked and free of secrets',
    tests: [
      'contract/client/notifications.test.ts#log messages are bounded in number and size, and what was left out is told',
      'contract/host/launchSecrets.test.ts#no value that a server was given comes back in its log or in a report, however it looks',
    ],
  },
};
