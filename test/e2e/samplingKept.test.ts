/** The panel for sampling with messages that the person chooses, with what is long, and with what was typed and not sent. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Frame } from 'playwright-core';

import type { JsonObject } from '../../src/base/json';
import { lastBody, say, startEndpoint } from '../support/modelEndpoint';
import type { HttpExchange, ScriptedHttp } from '../support/scriptedHttp';
import { until } from './support/polling';
import { pressInPanel, reviewRequest, samplingPanel } from './support/samplingPanel';
import { ASKS } from './support/samplingRequests';
import { callTool } from './support/tools';
import { remembers } from './support/windowMemory';
import { Workbench } from './support/workbench';

let workbench: Workbench;
let endpoint: ScriptedHttp;
/** What the endpoint is asked. */
const asked: HttpExchange[] = [];

before(async () => {
  endpoint = await startEndpoint((exchange) => asked.push(exchange), ['large-2']);
  const server = (name: string, env: Readonly<Record<string, string>>): object => ({
    command: 'node',
    args: [path.resolve('test/support/samplingServer.mjs')],
    env: { ASK: `ask-${name}`, ...env },
  });
  workbench = await Workbench.open({
    name: 'sampling-kept',
    userSettings: {
      'mcpHost.servers': {
        hikes: server('hikes', { ASKS: JSON.stringify(ASKS) }),
        plain: server('plain', {}),
        long: server('long', { PAD: '300000' }),
      },
      'mcpHost.sampling.endpoint': `${endpoint.origin}/v1`,
    },
  });
  await workbench.openContainer('MCP Host');
  await workbench
    .view('Servers')
    .waitForText(/hikes {2}running[^]*plain {2}running[^]*long {2}running[^]*Tools {2}2/);
});

after(async () => {
  await workbench.close();
  await endpoint.stop();
});

/** Has a server ask, and opens the panel. */
async function review(server: string): Promise<Frame> {
  await callTool(workbench, `ask-${server}`);
  await workbench.view('Approvals').waitForText(`${server} asks for a model answer`);
  return await reviewRequest(workbench, server);
}

test('messages are left out, said by somebody else and added, and go to the model so', async () => {
  const page = await review('hikes');
  await page.getByRole('button', { name: /^Leave Out: Message 1 of 3/ }).click();
  await page.getByRole('button', { name: /^Edit: Message 2 of 3/ }).click();
  await page.getByRole('combobox', { name: /^Said by: Message 2 of 3/ }).selectOption('user');
  await pressInPanel(page, 'Add Message');
  await pressInPanel(page, 'Send Edited');
  await page.getByText('A message of your own is empty.').waitFor();
  await page.getByRole('textbox', { name: 'Message of your own' }).fill('Keep it short.');
  await workbench.screenshotAllThemes('sampling-messages');
  await pressInPanel(page, 'Send Edited');
  const answer = await until('the request', () => Promise.resolve(asked[0]));
  const sent = lastBody(endpoint)['messages'] as readonly JsonObject[];
  assert.deepEqual(
    sent.map(({ role }) => role),
    ['system', 'user', 'user', 'user'],
  );
  const texts = JSON.stringify(sent);
  assert.match(texts, /The ridge trail, usually\.[^]*And this one\?[^]*Keep it short\./);
  assert.doesNotMatch(texts, /two hours/);
  say(answer, ['Dry.']);
  await samplingPanel(workbench, 'waits for your review');
  await pressInPanel(page, 'Refuse');
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  await workbench.runCommand('View: Close All Editors');
});

test('what is withdrawn while it is shown says so, keeps what was typed, and can be closed', async () => {
  const page = await review('plain');
  await pressInPanel(page, 'Answer Myself…');
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Sunny, I looked');
  await workbench.notifications.press('Running "ask-plain" (plain)', 'Cancel');
  await samplingPanel(workbench, 'The request of "plain" is over');
  await page.locator('.standing', { hasText: 'Nothing was sent to a model.' }).waitFor();
  const typed = page.getByRole('textbox', { name: 'What you had typed, which was not sent' });
  assert.equal(await typed.inputValue(), 'Sunny, I looked');
  await workbench.screenshotBothThemes('sampling-over');
  await pressInPanel(page, 'Close');
  await until('no panel', async () => !(await workbench.editorTitles()).includes('Review Model Request'));
});

test('of a long request the rest is a click away, nothing is sent before, and all of it goes', async () => {
  const page = await review('long');
  await page.locator('.warnings', { hasText: 'only its beginning is shown' }).waitFor();
  const send = page.getByRole('button', { name: 'Send', exact: true });
  assert.equal(await send.getAttribute('aria-disabled'), 'true');
  await page.getByText('more characters not shown').waitFor();
  // A button that is off shows as clearly as any other that it has the focus.
  await workbench.useTheme('contrast');
  await page.locator('body.vscode-high-contrast').waitFor();
  await send.focus();
  const opacity = await send.evaluate(
    (button) =>
      (
        globalThis as unknown as { getComputedStyle(of: unknown): { readonly opacity: string } }
      ).getComputedStyle(button).opacity,
  );
  assert.equal(opacity, '1');
  await workbench.screenshotAllThemes('sampling-long');
  await pressInPanel(page, 'Change Model…');
  await workbench.quickInput.pick('large-2');
  await page.getByText('You chose it for this request.').waitFor();
  assert.equal(await send.getAttribute('aria-disabled'), 'true', 'whichever model it is for');
  await pressInPanel(page, 'Show All of It');
  await page.locator('.content', { hasText: 'the very end' }).waitFor();
  await pressInPanel(page, 'Send');
  const answer = await until('the request', () => Promise.resolve(asked[1]));
  assert.match(JSON.stringify(lastBody(endpoint)['messages']), /"the beginning y{300000} the very end"/);
  answer.response.destroy();
  await until('the end of the call', async () =>
    (await workbench.editorText().catch(() => '')).includes('refused with'),
  );
  await workbench.runCommand('View: Close All Editors');
});

test('an answer that is being written survives a reload to the letter, and is not sent', async () => {
  const page = await review('plain');
  await pressInPanel(page, 'Answer Myself…');
  const written = 'One line with an end  \nit is  ';
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill(written);
  await until('the editor to keep it', () => remembers(workbench.page, 'One line with an end'));
  await workbench.reload();
  const back = await samplingPanel(workbench, 'The request ended when the window was reloaded');
  const typed = back.getByRole('textbox', { name: 'What you had typed, which was not sent' });
  assert.equal(await typed.inputValue(), written);
  await workbench.screenshotBothThemes('sampling-restored');
  await pressInPanel(back, 'Close');
  await until('no panel', async () => !(await workbench.editorTitles()).includes('Review Model Request'));
});
