/** A call that needs several things at once (2026-07-28): one grouped entry from the first to the last, in both themes. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startRoundServer } from '../support/roundServer';
import { paramsOf, type ScriptedHttp } from '../support/scriptedHttp';
import { until } from './support/polling';
import { pressInPanel, samplingPanel } from './support/samplingPanel';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const GROUP = 'walks: plan';

let server: ScriptedHttp;
let workbench: Workbench;

before(async () => {
  server = await startRoundServer();
  const servers = { walks: { url: `${server.origin}/mcp`, roots: 'ask' } };
  workbench = await Workbench.open({
    name: 'rounds',
    folders: ['app', 'diary'],
    userSettings: { 'mcpHost.servers': servers },
  });
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/walks {2}running[^]*Tools {2}1/);
});

after(async () => {
  await workbench.close();
  await server.stop();
});

/** The group, what waits in it, and nothing else. */
async function waits(part: string, row: string): Promise<void> {
  await workbench
    .view('Approvals')
    .waitForText(
      new RegExp(`^v ${GROUP} {2}waits for answer ${part}\\n +> ${row} {2}${part} · \\d+ min left$`),
    );
}

test('what a call needs at once is one entry, is answered step by step, and the call ends with all of it', async () => {
  const { notifications, quickInput } = workbench;
  const approvals = workbench.view('Approvals');
  await callTool(workbench, 'plan');
  await waits('1 of 3', 'walks asks for a model answer');
  await workbench.screenshotAllThemes('round-first');
  await notifications.press('asks for a model answer for a call that you made (1 of 3)', 'Review…');
  const page = await samplingPanel(workbench, 'The server "walks" asks for a model answer');
  await page.getByText('your call of plan, request 1 of the 3 that it waits for').waitFor();
  await pressInPanel(page, 'Answer Myself…');
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('The north loop');
  await pressInPanel(page, 'Return My Answer');
  await waits('2 of 3', 'walks asks you for input');
  await notifications.press('asks you for input for a call that you made (2 of 3)', 'Answer…');
  const form = await workbench.webview('.field');
  await form.getByText('request 2 of the 3 that it waits for').waitFor();
  await workbench.screenshotAllThemes('round-form');
  await form.getByRole('textbox', { name: 'Name' }).fill('Ada');
  await form.getByRole('button', { name: 'Submit' }).and(form.locator('[aria-disabled=false]')).click();
  await waits('3 of 3', 'walks asks for your workspace folders');
  await workbench.screenshotBothThemes('round-folders');
  await approvals.pressRowAction('walks asks for your workspace folders', 'Review Request');
  await quickInput.shown('Server "walks" asks which of your folders it may know');
  await quickInput.toggle('app');
  await quickInput.accept();
  await approvals.waitForText('Nothing is waiting for your decision.');
  await until('the result', async () =>
    (await workbench.editorText().catch(() => '')).includes('The north loop'),
  );
  await workbench.screenshotBothThemes('round-result');
  const [asked, answered, ...more] = server.got('POST', 'tools/call').map(paramsOf);
  assert.deepEqual([asked?.['inputResponses'], more], [undefined, []]);
  const { trail, who, where, ...others } = answered?.['inputResponses'] as Record<string, unknown>;
  assert.deepEqual(others, {});
  assert.match(JSON.stringify(trail), /The north loop/);
  assert.deepEqual(who, { action: 'accept', content: { name: 'Ada' } });
  assert.match(JSON.stringify(where), /\{"roots":\[\{"uri":"file:[^"]*\/app","name":"app"\}\]\}/);
});

test('what a call needs is taken back with it, whichever step it is at', async () => {
  const { notifications } = workbench;
  await callTool(workbench, 'plan');
  await waits('1 of 3', 'walks asks for a model answer');
  await notifications.press('Running "Plan a walk" (walks)', 'Cancel');
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  assert.equal(server.got('POST', 'tools/call').length, 3, 'it was not asked again');
});
