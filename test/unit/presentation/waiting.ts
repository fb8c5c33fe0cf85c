/** Waiting entries for tests. */

import assert from 'node:assert/strict';

import type { Cause, ConsentEntry } from '../../../src/host/consentQueue';
import type { ChosenModel, ModelChoice } from '../../../src/host/ports';
import type { ElicitationRequest } from '../../../src/protocol/elicitation';
import type { SamplingAnswer, SamplingRequest } from '../../../src/protocol/sampling';
import { launchFacts } from '../../../src/policy/launchFacts';
import type { LaunchReview } from '../../../src/policy/launchReview';
import { requestReview } from '../../../src/presentation/requestReview';
import type { Review, ReviewOptions } from '../../../src/presentation/reviewLines';
import { review } from '../policy/reviews';

/** How reviews of tests are written. */
const REVIEW_OPTIONS: ReviewOptions = {
  formatTime: (time) => `T+${time / 1_000}s`,
  editorName: 'Editor',
};

/** The review of an entry that has one. */
export function reviewFor(entry: ConsentEntry, more: Partial<ReviewOptions> = {}): Review {
  const found = requestReview(entry, { ...REVIEW_OPTIONS, ...more });
  assert.ok(found);
  return found.review;
}

/** The text of a review. */
export function reviewText(entry: ConsentEntry, more: Partial<ReviewOptions> = {}): string {
  return reviewFor(entry, more)
    .lines.map(({ text }) => text)
    .join('\n');
}

/** A model that would answer. */
export function demoModel(allowedByEditor = true): ChosenModel {
  return {
    kind: 'model',
    id: 'acme/demo',
    name: 'Demo',
    vendor: 'acme',
    why: 'It is the only model there is.',
    allowedByEditor,
  };
}

/** What all questions of one server have. */
const ASKED = { serverId: 'workspace/notes', serverName: 'notes', since: 1_000, expiresAt: 601_000 };

/** A request for a model answer. */
export function sampling(
  request: Partial<SamplingRequest> = {},
  {
    id = 7,
    cause = { kind: 'call', callId: 1, callTitle: 'describe' },
    model = demoModel(),
  }: { id?: number; cause?: Cause; model?: ModelChoice } = {},
) {
  const whole: SamplingRequest = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    maxTokens: 200,
    stopSequences: [],
    preferences: { hints: [] },
    ignored: [],
    ...request,
  };
  return {
    id,
    ...ASKED,
    subject: { kind: 'sampling', conversation: id, request: whole, cause, model },
  } satisfies ConsentEntry;
}

/** A model's answer. */
export function samplingAnswer(
  answer: Partial<SamplingAnswer> = {},
  {
    id = 8,
    edited = false,
    cause = { kind: 'call', callId: 1, callTitle: 'describe' },
    ...more
  }: {
    id?: number;
    edited?: boolean;
    cause?: Cause;
    asksLeft?: number;
    stopped?: true;
    failure?: string;
  } = {},
) {
  const { request } = sampling().subject;
  const whole: SamplingAnswer = { role: 'assistant', text: 'Hi there', model: 'Demo', ...answer };
  return {
    id,
    ...ASKED,
    subject: {
      kind: 'sampling-answer',
      conversation: 7,
      answer: whole,
      request,
      edited,
      cause,
      model: demoModel(),
      asksLeft: 4,
      ...more,
    },
  } satisfies ConsentEntry;
}

/** A request for the workspace folders. */
export function roots({ id = 10, cause }: { id?: number; cause: Extract<Cause, { kind: 'call' }> }) {
  return { id, ...ASKED, subject: { kind: 'roots', folders: [], cause } } satisfies ConsentEntry;
}

/** A request for the person's input. */
export function elicitation(
  request: ElicitationRequest,
  { id = 9, cause = { kind: 'call', callId: 1, callTitle: 'describe' } }: { id?: number; cause?: Cause } = {},
) {
  return {
    id,
    ...ASKED,
    subject: { kind: 'elicitation', request, cause },
  } satisfies ConsentEntry;
}

interface LaunchOptions {
  readonly id?: number;
  readonly name?: string;
  readonly changed?: boolean;
  /** The entry that was approved before. */
  readonly before?: object;
}

function reviewOf(raw: object, name: string): LaunchReview {
  return review(raw, { name, resolvedCommand: '/usr/bin/node', cwd: '/w' });
}

/** A launch. */
export function launch(
  raw: object,
  { id = 3, name = 'server', changed = false, before }: LaunchOptions = {},
) {
  const reviewed = reviewOf(raw, name);
  return {
    id,
    serverId: `workspace/${name}`,
    serverName: name,
    since: 1_000,
    subject: {
      kind: 'launch',
      review: reviewed,
      changed: changed || before !== undefined,
      ...(before ? { before: launchFacts(reviewOf(before, name)) } : {}),
    },
  } satisfies ConsentEntry;
}
