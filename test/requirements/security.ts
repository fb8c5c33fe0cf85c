/** Best practices of security for hosts. */

import type { Requirements } from './requirement';

export const SECURITY: Requirements = {
  SEC1: {
    summary: 'Before a program runs its exact command is shown and approved',
    tests: [
      'contract/host/launchApproval.test.ts#a server of a workspace is put before the person, and starts only when they allow it',
      'unit/presentation/launchReviewPage.test.ts#every argument of a long command line is there, one per line, with nothing hidden',
      'unit/policy/launchReview.test.ts#an argument of 6,000 characters is shown whole, as are 1,000 arguments',
      'e2e/trust.test.ts#trust alone starts nothing; approving starts exactly what was shown',
      'vscode/suites/approval/approval.test.ts#a server of the workspace waits for approval, whoever asks for its start; one of the person starts',
    ],
  },
  SEC2: {
    summary: 'What is risky is pointed out, and nothing more than needed is handed over',
    tests: [
      "unit/policy/launchWarnings.test.ts#${JSON.stringify(raw).slice(0, 90)} is warned of as: ${expected.join(', ') || 'nothing'}",
      'unit/policy/launchReview.test.ts#paths outside the workspace are marked and warned of',
      'unit/policy/launchReview.test.ts#what is dangerous comes first',
      'unit/policy/environment.test.ts#nothing outside the list reaches a child on ${platform}',
    ],
  },
  SEC4: {
    summary: 'Addresses of servers are parsed strictly and cannot act',
    tests: [
      'unit/presentation/resultDocument.test.ts#only https addresses can be opened in a browser, and file addresses are inert',
      'contract/http/era.test.ts#an address of another origin gets nothing, whatever the stream says',
      'unit/policy/remoteUrl.test.ts#${url} is no address of a server',
      'contract/host/remoteLaunch.test.ts#what a variable makes of an address is checked before anything is sent (T074)',
      'contract/host/launchSecrets.test.ts#file addresses in what a server says become no links in its log',
    ],
  },
  SEC5: {
    summary: 'Pages of ours load nothing but their own script and style',
    tests: [
      'unit/ui/pageHtml.test.ts#a page lets nothing load but our style and one script that knows the nonce',
      'unit/ui/pageHtml.test.ts#no other page of ours is made without such a policy',
    ],
  },
  SEC7: {
    summary: 'State and sessions are secrets between a server and its client',
    tests: [
      'contract/host/keeping.test.ts#state that a server gives a call is told to nobody else: not to another server, not in a log, not kept',
      'contract/http/bearing.test.ts#the id of a session is told to nobody but its server, not even when it is lost',
    ],
  },
  SEC9: {
    summary: 'A local server is isolated, with the least of the environment, and logged',
    tests: [
      'process/host/hostile.test.ts#a client in a ${isolation} bears ${name}: host and neighbour go on',
      'unit/policy/environment.test.ts#nothing outside the list reaches a child on ${platform}',
      'contract/host/launchSecrets.test.ts#no value that a server was given comes back in its log or in a report, however it looks',
    ],
  },
  SEC10: {
    summary: 'The person consents to what is read, run and shared',
    tests: [
      'contract/host/keeping.test.ts#no tool is called, no resource read and no prompt fetched unless the person does it',
      'contract/host/sampling.test.ts#an allowed request goes to the model the person saw, and its answer to the server',
      'contract/host/trust.test.ts#in an untrusted workspace nothing is looked up, expanded, asked or started, whoever wrote the entry',
      'contract/host/launchApproval.test.ts#start, restart and demand of an unapproved server only ask, and only once',
    ],
  },
};
