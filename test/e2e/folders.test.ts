/** A server that asks for the workspace folders: what a person is shown, what they choose, and how they change it later. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { makeScratch, removeScratch } from '../../scripts/lib/servedWorkbench.mjs';
import { until } from './support/polling';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const FILESYSTEM = path.resolve('node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
/** What the server has without anything of the workspace. */
const given = makeScratch();
const ROW = 'files asks for your workspace folders';

let workbench: Workbench;

before(async () => {
  const servers = { files: { command: 'node', args: [FILESYSTEM, given] } };
  workbench = await Workbench.open({
    name: 'folders',
    folders: ['app', 'diary'],
    userSettings: { 'mcpHost.servers': servers },
  });
  await workbench.openContainer('MCP Host');
});

after(async () => {
  await workbench.close();
  removeScratch(given);
});

function folder(name: string): string {
  return path.join(workbench.folder, name);
}

/** What its tool says of the folders in which the server works. */
async function worksIn(expected: string): Promise<string> {
  await callTool(workbench, 'List Allowed Directories');
  return await until(`${expected} in the result`, async () => {
    const text = await workbench.editorText().catch(() => '');
    return text.includes(expected) ? text : undefined;
  });
}

test('each folder is shown with its path, none is checked, and only what is checked is told', async () => {
  const { quickInput, notifications } = workbench;
  const approvals = workbench.view('Approvals');
  const asks = 'Server "files" asks which of your workspace folders it may know.';
  await notifications.waitFor(asks);
  assert.deepEqual(await notifications.buttons(asks), ['Choose…', 'Deny']);
  await approvals.waitForText(`${ROW}  10 min left`);
  await approvals.openRow(ROW);
  await workbench.screenshotAllThemes('folders-row');
  await approvals.pressRowAction(ROW, 'Review Request');
  await quickInput.shown('Server "files" asks which of your folders it may know');
  const rows = await quickInput.rows();
  assert.deepEqual(
    rows.map(({ label, description }) => [label, description]),
    [
      ['app', folder('app')],
      ['diary', folder('diary')],
    ],
  );
  await workbench.screenshotAllThemes('folders-question');
  await quickInput.cancel();
  await approvals.waitForText(ROW);
  await notifications.press(asks, 'Choose…');
  await quickInput.shown('Server "files" asks which of your folders it may know');
  await quickInput.toggle('app');
  await quickInput.accept();
  await approvals.waitForText('Nothing is waiting for your decision.');
  assert.doesNotMatch(await worksIn(folder('app')), /diary/);
});

test('the row says what is shared, and its menu changes it', async () => {
  const { quickInput } = workbench;
  const view = workbench.view('Servers');
  const saysShared = async (name: string): Promise<boolean> =>
    (await view.tooltipOf('files')).includes(`Workspace folders shared: ${folder(name)}`);
  await until('the row to say what is shared', async () => await saysShared('app'));
  await view.chooseFromMenu('files', 'Choose Shared Folders...');
  await quickInput.shown('Folders That Server "files" May Know');
  await workbench.screenshotAllThemes('folders-choice');
  await quickInput.toggle('app');
  await quickInput.toggle('diary');
  await quickInput.accept();
  await until('what is shared to change', async () => await saysShared('diary'));
  await workbench.screenshot('folders-tooltip');
  assert.doesNotMatch(await worksIn(folder('diary')), /app/);
});
