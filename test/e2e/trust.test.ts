/** What a folder may start: nothing before it is trusted, nothing before it is approved, and after a change nothing unseen. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { makeScratch, removeScratch } from '../../scripts/lib/servedWorkbench.mjs';
import { until } from './support/polling';
import { Workbench } from './support/workbench';

const server = path.resolve('test/support/markerServer.mjs');
const scratch = makeScratch();
/** One line for each start, with the arguments. */
const marker = path.join(scratch, 'marker');

function settings(...args: readonly string[]): object {
  return {
    'mcpHost.servers': { notes: { command: 'node', args: [server, ...args], env: { MARKER: marker } } },
  };
}

function starts(): readonly string[] {
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim().split('\n') : [];
}

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({
    name: 'trust',
    trust: 'restrict',
    files: { '.vscode/settings.json': settings('first') },
  });
});

after(async () => {
  await workbench.close();
  removeScratch(scratch);
});

test('in a folder that is not trusted nothing starts, and the tree says so', async () => {
  await workbench.openContainer('MCP Host');
  const view = workbench.view('Servers');
  // The editor itself keeps settings of such a folder that could start something from everybody.
  await view.waitForText('No MCP server is started in a workspace that you have not trusted.');
  assert.deepEqual(starts(), []);
  assert.equal(await workbench.badge('MCP Host'), '', 'nobody is asked either');
});

test('trust alone starts nothing; approving starts exactly what was shown', async () => {
  await workbench.trustNow();
  await workbench.openContainer('MCP Host');
  const view = workbench.view('Servers');
  await view.waitForText('notes  needs your approval');
  assert.deepEqual(starts(), []);
  const panel = await workbench.webview('button');
  const card = await panel.locator('.card').innerText();
  for (const part of [server, 'first', `MARKER=${marker}`, workbench.folder])
    assert.ok(card.includes(part), `the card shows ${part}`);
  await panel.getByRole('button', { name: 'Start Selected (1)' }).click();
  await view.waitForText(/notes {2}running/);
  assert.deepEqual(starts(), ['["first"]']);
});

test('a changed entry leaves what runs alone, and shows beside the new what was approved', async () => {
  writeFileSync(path.join(workbench.folder, '.vscode/settings.json'), JSON.stringify(settings('second')));
  const view = workbench.view('Servers');
  await view.waitForText(/notes {2}running, entry changed/);
  await view.chooseFromMenu('notes', 'Review Servers Waiting to Start...');
  const panel = await workbench.webview('.card');
  await panel.getByText('Changed since you approved it').waitFor();
  assert.match(await panel.locator('dd.now').innerText(), /second/);
  assert.match(await panel.locator('dd.before').innerText(), /first/);
  await workbench.screenshotBothThemes('changed-entry');
  assert.deepEqual(starts(), ['["first"]'], 'still the approved process');
  await panel.getByRole('checkbox', { name: 'Select notes' }).click();
  await panel.getByRole('button', { name: 'Start Selected (1)' }).click();
  await until('the changed process', () => Promise.resolve(starts().length === 2));
  await view.waitForText(/notes {2}running · /);
  assert.deepEqual(starts(), ['["first"]', '["second"]']);
});

test('a changed entry that is denied does not start, not even by a restart', async () => {
  writeFileSync(path.join(workbench.folder, '.vscode/settings.json'), JSON.stringify(settings('third')));
  const view = workbench.view('Servers');
  await view.waitForText(/notes {2}running, entry changed/);
  await view.chooseFromMenu('notes', 'Restart Server');
  await view.waitForText('notes  changed, needs your approval');
  await workbench.view('Approvals').waitForText('notes wants to start (changed)');
  await workbench.view('Approvals').pressRowAction('notes wants to start (changed)', 'Deny');
  await view.waitForText('notes  not allowed to start');
  assert.deepEqual(starts(), ['["first"]', '["second"]']);
});
