/** What can be asked of a person, and what they can say. */

import type { ConsentSubject, PersonDecision } from '../../../src/host/consentQueue';
import { describeLaunch, type LaunchReview } from '../../../src/policy/launchReview';
import { elicitation, launch, sampling, samplingAnswer } from '../presentation/waiting';

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

const REQUEST = sampling().subject;
/** A sign-in that is asked for. */
export const SIGN_IN: ConsentSubject = {
  kind: 'sign-in',
  request: { issuer: 'https://as.example', resource: 'https://x.example', scopes: [], reason: 'sign-in' },
  host: 'x.example',
  clicked: false,
};

/** Folders that a server asks for. */
export const ROOTS: ConsentSubject = {
  kind: 'roots',
  folders: [{ uri: 'file:///a', name: 'a', path: '/a' }],
};

/** What is asked | the decisions that settle it. All others leave it waiting. */
export const FITTING: readonly (readonly [string, ConsentSubject, string])[] = [
  ['a launch', launch({ command: 'node' }).subject, 'allow-once deny'],
  ['a request for a model answer', REQUEST, 'allow-once deny allow-edited answer'],
  ['an answer of a model', samplingAnswer().subject, 'allow-once deny answer ask-again'],
  ['a sign-in', SIGN_IN, 'allow-once deny'],
  ['a form', elicitation({ mode: 'form', message: '', fields: [] }).subject, 'deny submit dismiss'],
  [
    'a page',
    elicitation({ mode: 'url', message: '', url: 'https://x.example/' }).subject,
    'allow-once deny dismiss',
  ],
  ['a choice of folders', ROOTS, 'deny share'],
  ['a wait', { kind: 'elicitation-wait', urls: [], cause: REQUEST.cause }, 'allow-once deny'],
];

/** One decision of each kind. */
export const DECISIONS: readonly PersonDecision[] = [
  { kind: 'allow-once' },
  { kind: 'deny' },
  { kind: 'allow-edited', request: REQUEST.request },
  { kind: 'answer', text: 'x' },
  { kind: 'ask-again' },
  { kind: 'submit', content: {} },
  { kind: 'dismiss' },
  { kind: 'share', uris: ['file:///a'] },
];
