/** Requirements that nothing verifies yet. A row leaves this list for the file of its area, with its tests. */

import type { Requirements } from './requirement';

export const OPEN: Requirements = {
  SAMP2: {
    summary:
      'The person sees and may change a request before it is sent, and the answer before it is delivered',
    tests: [],
  },
};
