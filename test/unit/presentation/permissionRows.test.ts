/** Rows of the Permissions view: where a rule holds, how much it allows, and what is used of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SamplingGrant } from '../../../src/policy/samplingGrants';
import {
  grantDetails,
  grantRow,
  launchPermissionRow,
  permissionServerRow,
} from '../../../src/presentation/permissionRows';
import { DAY, facts, grant, HOUR, MINUTE, NOW } from '../policy/grants';
import { reviewText, sampling } from './waiting';

const view = (isHere = true) => ({
  now: NOW,
  isHere,
  formatTime: (time: number) => `T${(time - NOW) / HOUR}h`,
});
const USED: SamplingGrant = grant({
  scope: { kind: 'workspace', workspace: 'file:///work' },
  tool: 'poet',
  model: { key: 'acme/demo', name: 'Demo' },
  covers: ['media'],
  until: NOW + DAY,
  uses: [
    { at: NOW - 2 * HOUR, tokens: 1_500 },
    { at: NOW - MINUTE, tokens: 500 },
  ],
});

test('a rule says what it is about, where it holds and what is used of it', () => {
  const { label, description, context, spoken, faded } = grantRow(USED, view());
  assert.equal(label, 'poet');
  assert.equal(description, '1 of 3 this hour · this workspace');
  assert.equal(context, 'permission-sampling');
  assert.equal(spoken, 'Model requests of poet, 1 of 3 this hour · this workspace');
  assert.equal(faded, undefined);
});

test('below it stands all that it allows', () => {
  assert.deepEqual(
    grantDetails(USED, view()).map(({ spoken }) => spoken),
    [
      'Holds: this workspace',
      'Allows: 3 requests and 2,000 tokens an hour, 5 requests and 4,000 tokens a day, 1,000 in one request',
      'Last hour: 1 of 3 requests, 500 of 2,000 tokens',
      'Last day: 2 of 5 requests, 2,000 of 4,000 tokens',
      'Model: Demo',
      'Covers: text, images and sounds',
      'Since: T-48h',
      'Until: T24h',
    ],
  );
});

test('a rule of another workspace says so, and is greyed', () => {
  const row = grantRow(USED, view(false));
  assert.match(row.description ?? '', /another workspace$/);
  assert.equal(row.faded, true);
});

test('a rule about any call and any model says that', () => {
  const any = grant({ scope: { kind: 'always' } });
  assert.equal(grantRow(any, view()).label, 'Any call');
  assert.match(grantRow(any, view()).spoken, /^Model requests in any call,/);
  const spoken = grantDetails(any, view()).map((row): string => row.spoken);
  assert.ok(spoken.includes('Model: any'));
  assert.ok(spoken.includes('Covers: text only'));
  assert.ok(!spoken.some((text) => text.startsWith('Until')));
});

test('names of servers, tools and models are shown as text that is safe', () => {
  const hidden = 'po\u202Eet\u200B';
  const evil = grant({ tool: hidden, model: { key: 'k', name: hidden } });
  const rows = [
    grantRow(evil, view()),
    ...grantDetails(evil, view()),
    permissionServerRow('user/one', hidden, 1),
  ];
  assert.ok(!/[\u202E\u200B]/u.test(JSON.stringify(rows)));
});

test('an approved launch can be told from a rule', () => {
  assert.equal(launchPermissionRow('workspace/x').context, 'permission-launch');
});

test('a review says what the request may take, and why a rule does not cover it', () => {
  const entry = sampling();
  const grantOffer = { facts: facts({ tokens: 1_234 }), isOwn: true, whyAsked: grantRow(USED, view()).label };
  const text = reviewText({ ...entry, subject: { ...entry.subject, grant: grantOffer } });
  assert.match(text, /Tokens +about 1,234 tokens at most, with the answer/);
  assert.match(text, /Your rule +does not cover it: poet/);
  assert.ok(!reviewText(entry).includes('Your rule'));
});
