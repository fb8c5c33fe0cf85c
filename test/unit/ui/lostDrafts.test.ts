/** A panel that comes back after a reload: for what was typed in it, and for nothing else (T135). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SamplingPanelMessage } from '../../../src/presentation/samplingPageMessages';
import { showLost } from '../../../src/ui/approvals/lostDrafts';
import { Uri } from '../../support/editorValues';
import { WebviewPanel } from '../../support/webviewPanel';

const DRAFT = { key: 'asked/1', conversation: 1, draft: {}, typed: ['Sunny, I looked'] };

function restored(state: unknown): WebviewPanel {
  const panel = new WebviewPanel('mcpHost.samplingReview', 'Review Model Request', undefined);
  showLost(panel as never, state, Uri.from({ scheme: 'file', path: '/ext' }) as never);
  return panel;
}

test('what was typed is shown once more, without a request and without anything to decide', () => {
  const panel = restored({ drafts: [DRAFT] });
  assert.match(panel.webview.html, /default-src 'none'/);
  for (const message of [
    { type: 'send', id: 1, edit: { texts: [] } },
    { type: 'deny', id: 1 },
    { type: 'select', conversation: 1 },
  ])
    panel.say(message);
  assert.deepEqual(panel.told, []);
  panel.say({ type: 'ready' });
  const [message, ...more] = panel.told as readonly SamplingPanelMessage[];
  assert.ok(message?.type === 'show' && message.page.stage.kind === 'over' && more.length === 0);
  assert.equal(message.page.stage.isOfOtherWindow, true);
  assert.match(message.page.stage.standing, /^Nothing of what you had typed was sent\./);
  assert.ok(panel.isOpen);
  panel.say({ type: 'close' });
  assert.ok(!panel.isOpen);
});

test('a panel in which nothing was typed does not come back, whatever the editor kept of it', () => {
  const states = [
    undefined,
    'x',
    {},
    { drafts: 5 },
    { drafts: [] },
    { drafts: [{ ...DRAFT, typed: [] }, null] },
  ];
  for (const state of states) assert.ok(!restored(state).isOpen, JSON.stringify(state));
});
