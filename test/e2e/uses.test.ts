/** The three uses, as a person does them: browse resources in the sidebar, call a tool from the palette, grant sampling inline. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { until } from './support/polling';
import { pressInPanel, reviewRequest, samplingPanel } from './support/samplingPanel';
import { Workbench } from './support/workbench';

const modules = path.resolve('node_modules/@modelcontextprotocol');
const servers = {
  everything: {
    command: 'node',
    args: [path.join(modules, 'server-everything/dist/index.js'), 'stdio'],
    roots: 'none',
  },
  'trail-notes': { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({
    name: 'uses',
    trust: 'ask',
    files: { '.vscode/settings.json': { 'mcpHost.servers': servers } },
  });
});

after(() => workbench.close());

test('trusting and approving, two clicks, make the servers live', async () => {
  await workbench.answerTrust('trust');
  await workbench.openContainer('MCP Host');
  const view = workbench.view('Servers');
  await view.waitForText(/everything {2}needs your approval\n- trail-notes {2}needs your approval/);
  const panel = await workbench.webview('button');
  await panel.getByText(path.join(modules, 'server-everything/dist/index.js')).first().waitFor();
  await workbench.screenshotBothThemes('approval');
  await panel.getByRole('button', { name: 'Start Selected (2)' }).click();
  const text = await view.waitForText(
    /everything {2}running · 2025-11-25\n[^]*Tools {2}\d+[^]*trail-notes {2}running · 2026-07-28\n[^]*Tools {2}\d+/,
  );
  assert.match(text, /2026-07-28/);
  assert.match(text, /2025-11-25/);
});

test('a resource is browsed in the sidebar and opens', async () => {
  const view = workbench.view('Servers');
  await view.closeRow('everything');
  await view.openRow('Resources');
  await view.waitForText(/Resources {2}\d+/);
  await view.row('Guide').or(view.row('guide')).first().click();
  await until('the resource in an editor', async () =>
    (await workbench.editorTitles()).some((title) => title.includes('(trail-notes)')),
  );
  await workbench.screenshotBothThemes('resource');
  // A row that the editor has taken for another one shows in the place of others once the theme was changed.
  assert.match(await view.text(), /Prompts {2}\d+$/);
});

test('a tool is called from the command palette with the keyboard alone', async () => {
  await workbench.runCommand('MCP Host: Call Tool...');
  await workbench.quickInput.type('echo');
  await until('the tool', async () => (await workbench.quickInput.rows()).length > 0);
  await workbench.screenshot('pick-tool');
  await workbench.quickInput.accept();
  await workbench.quickInput.shown('message');
  await workbench.quickInput.submit('hello from the palette');
  await until('the result', async () => {
    const text = await workbench.editorText().catch(() => '');
    if (text.includes('Echo: hello from the palette')) return true;
    // Whatever is still asked (optional arguments) is answered with its first choice.
    if (await workbench.quickInput.isShown(200)) await workbench.quickInput.accept();
    return false;
  });
  await workbench.screenshotBothThemes('tool-result');
});

test('sampling is granted where the request is read, and the answer goes back', async () => {
  await workbench.runCommand('MCP Host: Call Tool...');
  await workbench.quickInput.type('trigger-sampling-request');
  await until('the tool', async () => (await workbench.quickInput.rows()).length > 0);
  await workbench.quickInput.accept();
  await workbench.quickInput.shown('prompt');
  await workbench.quickInput.submit('Say hello');
  await until('the notification', async () => {
    const texts = await workbench.notifications.texts();
    if (texts.some((text) => text.includes('asks for a model answer'))) return true;
    if (await workbench.quickInput.isShown(200)) await workbench.quickInput.accept();
    return false;
  });
  await workbench.view('Approvals').waitForText('everything asks for a model answer');
  await until('the badge', async () => (await workbench.badge('MCP Host')) === '1');
  await workbench.screenshotBothThemes('sampling');
  const request = await reviewRequest(workbench, 'everything');
  await request.getByText('Say hello').waitFor();
  await workbench.screenshotBothThemes('sampling-request');
  await pressInPanel(request, 'Send');
  await workbench.view('Approvals').waitForText('everything waits for your review of a model answer');
  const answer = await samplingPanel(workbench, 'waits for your review');
  await answer.getByText('fixture answer to').waitFor();
  assert.ok(!(await workbench.notifications.texts()).some((text) => text.includes('The model has answered')));
  await workbench.screenshotBothThemes('sampling-answer');
  await pressInPanel(answer, 'Return It');
  await until('the result', async () =>
    (await workbench.editorText().catch(() => '')).includes('fixture answer to'),
  );
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  await workbench.screenshotBothThemes('sampling-result');
});
