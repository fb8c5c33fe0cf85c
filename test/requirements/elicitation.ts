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
  ELIC3: {
    summary: 'Who asks is shown, with ways to decline and to cancel',
    tests: [
      'unit/presentation/inputPage.test.ts#the page holds who asks, why, since when, until when, and the whole message',
      'unit/ui/inputPanel.test.ts#a form that nobody can fill in can be declined and cancelled, which are two answers (T145, T146)',
      'vscode/suites/servers/input.test.ts#a form that is looked at is answered with ${action} from the palette, nothing else is sent, and its panel closes',
    ],
  },
  ELIC4: {
    summary: 'Answers can be looked over before they are sent',
    tests: [
      'e2e/forms.test.ts#a form is sent only when all of it was in view, and exactly as it stood there',
      'unit/ui/inputPanel.test.ts#what is sent is what the person saw last: a click on anything older sends nothing',
    ],
  },
  ELIC5: {
    summary: 'Defaults are filled in, answers checked, the question explained',
    tests: [
      'unit/protocol/elicitation.test.ts#defaults of every type are known of their fields',
      'unit/presentation/inputPage.test.ts#every field stands on the page with what it takes, and with nothing but what the server proposes',
      'unit/presentation/inputAnswers.test.ts#what does not fit is said, as typed',
      'unit/protocol/elicitationValues.test.ts#answers are held to everything the schema says but its pattern',
      'contract/host/elicitation.test.ts#answers that the form does not take, and other kinds of decision, decide nothing',
    ],
  },
  ELIC6: {
    summary: 'Accept, decline and cancel are told apart, and only an accepted form has content',
    tests: [
      'unit/protocol/elicitationValues.test.ts#only an accepted form carries content',
      'contract/host/elicitation.test.ts#yes, no and neither are told apart, for a form and for a page',
      'process/host/elicitation.test.ts#server-everything in a ${isolation}: a form with every kind of field is read, sent, declined and dismissed',
    ],
  },
  ELIC7: {
    summary: 'Requests are limited',
    tests: [
      'contract/client/elicitation.test.ts#three wait at most, and twenty a second reach the host',
      'contract/host/elicitation.test.ts#a server may ask sixty times an hour',
    ],
  },
  ELIC8: {
    summary: 'A mode that was not declared is refused',
    tests: [
      'contract/client/elicitation.test.ts#invalid requests and modes that were not declared never reach the host',
      'contract/client/elicitation.test.ts#an invalid form, or a mode that is not offered, gives the call up before anybody is asked',
    ],
  },
  ELIC9: {
    summary: 'Fields that look like secrets are warned of',
    tests: [
      'unit/presentation/inputPage.test.ts#a field that asks for a secret is warned of, and so is an answer that looks like one (T143)',
      'unit/ui/inputPanel.test.ts#what looks like a secret is sent only after the person was asked once more (T143)',
      'unit/policy/elicitationDecision.test.ts#questions for secrets are recognised in many words, and ordinary ones are not',
    ],
  },
  URL1: {
    summary: 'The whole address and its host are shown before anything opens',
    tests: [
      'unit/presentation/inputPage.test.ts#an address is shown whole, with its host apart and in both ways of writing',
      'unit/protocol/elicitationUrls.test.ts#addresses are told as they will be opened',
    ],
  },
  URL2: {
    summary: 'Nothing is fetched, and nothing opens without consent',
    tests: [
      'vscode/suites/servers/input.test.ts#a page is shown and not opened, by no key alone, never fetched, and declined',
      'unit/ui/inputPanel.test.ts#a click or key that was on its way when the page appeared decides nothing (T005)',
    ],
  },
  URL3: {
    summary: 'It opens in the browser of the person',
    tests: [
      'e2e/forms.test.ts#an address is shown whole with its host, and opened only by a click; the call goes on when the person is done',
      'unit/ui/elicitationFlow.test.ts#a page opens once the person has agreed, and the server hears of it before (T144)',
    ],
  },
  URL4: {
    summary: 'The host stands out, and odd addresses are warned of',
    tests: [
      'unit/presentation/inputPage.test.ts#an address is shown whole, with its host apart and in both ways of writing',
      'unit/presentation/inputPage.test.ts#what is odd about an address is said (T144)',
    ],
  },
  URL5: {
    summary: 'No other word of the server can be clicked',
    tests: [
      'unit/presentation/inputPage.test.ts#every text of the server is whole, and nothing in it is hidden',
      'e2e/forms.test.ts#an address is shown whole with its host, and opened only by a click; the call goes on when the person is done',
    ],
  },
  URL6: {
    summary: 'Accepting is consent and no more; the call can be made again or given up',
    tests: [
      'contract/client/elicitation.test.ts#an address is asked about, and consent has no content',
      'contract/host/elicitation.test.ts#a call that needs a page waits for consent, then for the person, and is made again',
      'contract/host/elicitation.test.ts#giving up, cancelling the call and waiting in vain end the call, and the page is not asked about again',
    ],
  },
  URL7: {
    summary: 'Completion is matched by its id, unknown ones are ignored',
    tests: [
      'contract/client/requiredUrls.test.ts#the server ends the wait once all it asked for is complete, and unknown ids change nothing',
    ],
  },
  URL8: {
    summary: 'The error that asks for addresses leads to them and to a retry',
    tests: [
      'contract/client/requiredUrls.test.ts#a call that needs addresses opened asks for each, waits, and is made once more with a new id',
      'process/host/elicitation.test.ts#server-everything in a ${isolation}: a page is consented to, by request and by error',
    ],
  },
  URL9: {
    notApplicable: 'A fact about servers: signing in has a path of its own that no elicitation reaches.',
  },
  URL10: {
    summary: 'Only https, and http on this machine',
    tests: ['unit/protocol/elicitationUrls.test.ts#addresses that must not be opened are refused (T144)'],
  },
};
