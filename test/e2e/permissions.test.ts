/** Allowing a server's requests for model answers for more than once: made where one is read, listed, and taken back. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { until } from './support/polling';
import { pressInPanel, reviewRequest } from './support/samplingPanel';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const PRESET = '10 requests and 20,000 tokens an hour';
const ASKS = 'trail-notes asks for a model answer';
const NOTHING = 'Nothing is waiting for your decision.';

let workbench: Workbench;

before(async () => {
  const trailNotes = { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] };
  workbench = await Workbench.open({
    name: 'permissions',
    userSettings: {
      'mcpHost.servers': { 'trail-notes': trailNotes },
      'mcpHost.sampling.reviewAnswers': false,
    },
  });
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/trail-notes {2}running[^]*Tools {2}\d+/);
  await workbench.view('Permissions').expand();
});

after(() => workbench.close());

/** Calls the tool that asks a model: with its first choice for its argument, then with the same again. */
async function describeTrail(again = true): Promise<void> {
  await callTool(workbench, 'describe_trail');
  await workbench.quickInput.shown(again ? 'Choose the arguments to begin with' : 'trail');
  await workbench.quickInput.accept();
  if (again) return;
  await workbench.quickInput.shown('Run the tool');
  await workbench.quickInput.accept();
}

/** Waits for a further result of the tool. */
async function resultNumber(count: number): Promise<void> {
  await until(`${count} results`, async () => {
    const titles = await workbench.editorTitles();
    return titles.filter((title) => title.startsWith('describe_trail')).length >= count;
  });
}

test('from the review a rule is made in three choices, and stands in Permissions', async () => {
  const { quickInput, notifications } = workbench;
  const permissions = workbench.view('Permissions');
  await permissions.waitForText('Nothing is allowed beforehand.');
  await describeTrail(false);
  await workbench.view('Approvals').waitForText(ASKS);
  const page = await reviewRequest(workbench, 'trail-notes');
  await page.getByText('none: no rule of yours is for this server').waitFor();
  await workbench.screenshotAllThemes('allow-for-review');
  await pressInPanel(page, 'Allow For…');
  await quickInput.shown('Allow "trail-notes" For…');
  await workbench.screenshotAllThemes('allow-for-scope');
  assert.equal((await quickInput.rows())[0]?.label, 'This Request');
  await quickInput.pick('This Workspace');
  await quickInput.shown('Which requests?');
  await quickInput.pick('Only describe_trail');
  await quickInput.shown('How much?');
  await workbench.screenshotAllThemes('allow-for-bounds');
  await quickInput.pick(PRESET);
  await notifications.waitFor(
    'Requests of "trail-notes" that your rule covers are not asked about any more.',
  );
  await workbench.view('Approvals').waitForText(NOTHING);
  await permissions.waitForText(
    /v trail-notes {2}1 permission\n {2}> describe_trail {2}0 of 10 this hour · this workspace/,
  );
  await resultNumber(1);
});

test('what the rule covers is not asked about, and is counted', async () => {
  const permissions = workbench.view('Permissions');
  await describeTrail();
  await permissions.waitForText('1 of 10 this hour · this workspace');
  const texts = await workbench.notifications.texts();
  assert.ok(!texts.some((text) => text.includes('asks for a model answer')));
  await permissions.openRow('describe_trail');
  await permissions.waitForText(/Last hour {2}1 of 10 requests, \d[\d,]* of 20,000 tokens/);
  await workbench.screenshotAllThemes('permissions');
  await permissions.closeRow('describe_trail');
});

test('a rule outlives a reload of the window', async () => {
  await workbench.reload();
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/trail-notes {2}running[^]*Tools {2}\d+/);
  await workbench.view('Permissions').waitForText('1 of 10 this hour · this workspace');
  await describeTrail();
  await workbench.view('Permissions').waitForText('2 of 10 this hour · this workspace');
});

test('once it is revoked the person is asked again', async () => {
  const permissions = workbench.view('Permissions');
  await permissions.pressRowAction('describe_trail', 'Revoke Permission');
  await permissions.waitForText('Nothing is allowed beforehand.');
  await describeTrail();
  await workbench.view('Approvals').waitForText(ASKS);
  await pressInPanel(await reviewRequest(workbench, 'trail-notes'), 'Allow For…');
  await workbench.quickInput.shown('How long may this server ask a model without asking you?');
  await workbench.quickInput.accept();
  await workbench.view('Approvals').waitForText(NOTHING);
  await permissions.waitForText('Nothing is allowed beforehand.');
});
