/** Subjects of consent for tests that do not care what is asked. */

import { describeLaunch, type LaunchReview } from '../../../src/policy/launchReview';

/** A review of a plain launch. */
export function launchReview(): LaunchReview {
  return describeLaunch({
    name: 'x',
    scope: { kind: 'workspace' },
    platform: 'linux',
    workspaceFolders: ['/work'],
    resolvedCommand: '/usr/bin/node',
    cwd: '/work',
    entry: {
      launch: { kind: 'local', command: 'node', args: [], env: new Map() },
      start: 'onOpen',
      strict: false,
      timeouts: { connect: 30_000, request: 60_000, total: 600_000 },
      tools: { deny: [] },
      sampling: { kind: 'ask', outsideCalls: false },
      roots: 'none',
    },
  });
}
