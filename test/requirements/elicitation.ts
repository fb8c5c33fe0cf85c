/** Elicitation: forms and addresses. */

import type { Requirements } from './requirement';

export const ELICITATION: Requirements = {
  ELIC1: {
    summary: 'Elicitation is declared with its modes, in the form of the revision',
    tests: [
      'unit/protocol/elicitation.test.ts#each revision is told of the modes it knows and of none that is not offered',
    ],
  },
  ELIC2: {
    summary: 'Without a mode it is a form',
    tests: [
      'contract/client/elicitation.test.ts#a form is put before the host, and its answer is sent as it is',
      'unit/protocol/elicitation.test.ts#every form of field that the revisions know is read',
    ],
  },
  ELIC8: {
    summary: 'A mode that was not declared is refused',
    tests: [
      'contract/client/elicitation.test.ts#invalid requests and modes that were not declared never reach the host',
      'contract/client/elicitation.test.ts#an invalid form, or a mode that is not offered, gives the call up before anybody is asked',
    ],
  },
  URL7: {
    summary: 'Completion is matched by its id, unknown ones are ignored',
    tests: [
      'contract/client/elicitation.test.ts#the server ends the wait once all it asked for is complete, and unknown ids change nothing',
    ],
  },
  URL9: {
    notApplicable: 'A fact about servers: signing in has a path of its own that no elicitation reaches.',
  },
  URL10: {
    summary: 'Only https, and http on this machine',
    tests: ['unit/protocol/elicitation.test.ts#addresses that must not be opened are refused'],
  },
};
