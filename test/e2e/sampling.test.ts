/** A server's request for a model answer in its panel: read, changed, sent, watched, stopped, asked again, returned, or answered by hand. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Frame } from 'playwright-core';

import { chunk, lastBody, startEndpoint } from '../support/modelEndpoint';
import { stream, type HttpExchange, type ScriptedHttp } from '../support/scriptedHttp';
import { until } from './support/polling';
import { pressInPanel, reviewRequest, samplingPanel } from './support/samplingPanel';
import { ASKS, TOOL } from './support/samplingRequests';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const samplingServer = path.resolve('test/support/samplingServer.mjs');
const ASKED = 'asks for a model answer';

let workbench: Workbench;
let endpoint: ScriptedHttp;
/** What the endpoint is asked, which the test answers. */
const asked: HttpExchange[] = [];

before(async () => {
  endpoint = await startEndpoint((exchange) => asked.push(exchange), ['large-2']);
  workbench = await Workbench.open({
    name: 'sampling',
    userSettings: {
      'mcpHost.servers': {
        hikes: {
          command: 'node',
          args: [samplingServer],
          env: { ASKS: JSON.stringify(ASKS), ASK: 'ask-hikes' },
        },
        plain: { command: 'node', args: [samplingServer], env: { ASK: 'ask-plain' } },
        guide: {
          command: 'node',
          args: [samplingServer],
          env: { ASKS: JSON.stringify({ tools: [TOOL] }), ASK: 'ask-guide' },
        },
      },
      'mcpHost.sampling.endpoint': `${endpoint.origin}/v1`,
    },
  });
  await workbench.openContainer('MCP Host');
  await workbench
    .view('Servers')
    .waitForText(/hikes {2}running[^]*plain {2}running[^]*guide {2}running[^]*Tools {2}2/);
});

after(async () => {
  await workbench.close();
  await endpoint.stop();
});

/** Has a server ask, and opens the panel. */
async function review(server: string): Promise<Frame> {
  await ask(server);
  return await reviewRequest(workbench, server);
}

async function ask(server: string): Promise<void> {
  await callTool(workbench, `ask-${server}`);
  await workbench.view('Approvals').waitForText(`${server} ${ASKED}`);
}

async function panel(title: string): Promise<Frame> {
  return await samplingPanel(workbench, title);
}

/** How far the page would have to be scrolled sideways. */
async function sidewaysOf(page: Frame): Promise<number> {
  return await page.locator('main').evaluate((element) => {
    const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });
}

async function result(text: string): Promise<void> {
  await until(`the result "${text}"`, async () =>
    (await workbench.editorText().catch(() => '')).includes(text),
  );
}

test('a request is shown with all that would be sent, in every theme and width', async () => {
  const page = await review('hikes');
  await page.getByText('You help hikers. Answer in one sentence.').waitFor();
  await page.locator('mark', { hasText: '⟨U+200B⟩' }).waitFor();
  assert.equal(await page.locator('.content img').count(), 1);
  await until('the picture', () =>
    page
      .locator('.content img')
      .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth === 1),
  );
  await workbench.screenshotAllThemes('sampling-review');
  const size = workbench.page.viewportSize() ?? { width: 1_280, height: 800 };
  await workbench.page.setViewportSize({ width: 656, height: 1_300 });
  await workbench.screenshotBothThemes('sampling-review-narrow');
  await workbench.page.setViewportSize({ width: 1_600, height: 1_500 });
  await workbench.screenshotBothThemes('sampling-review-wide');
  await workbench.page.setViewportSize(size);
});

test('keys that are on their way send nothing, and a request is denied by keyboard', async () => {
  const page = await panel('The server "hikes" asks for a model answer');
  assert.equal(
    await page
      .locator('h1')
      .evaluate(
        (heading) =>
          heading ===
          (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement,
      ),
    true,
  );
  for (const key of ['Enter', 'Space', 'Escape', 'Enter']) await workbench.page.keyboard.press(key);
  await workbench.view('Approvals').waitForText(`hikes ${ASKED}`);
  assert.equal(asked.length, 0);
});

test('an edited request goes to the model that the person chose, as it stands on the page', async () => {
  const page = await panel('The server "hikes" asks for a model answer');
  await pressInPanel(page, 'Change Model…');
  await workbench.quickInput.shown('Nothing is sent before you say so');
  await workbench.screenshotBothThemes('sampling-model');
  await workbench.quickInput.pick('large-2');
  await page.getByText('You chose it for this request.').waitFor();
  await page.getByRole('button', { name: 'Edit: Message 1 of 3, user' }).click();
  await page.getByRole('textbox', { name: 'Message 1 of 3, user' }).fill('Which trail is driest?');
  await page.getByLabel('At most this many tokens').fill('501');
  await pressInPanel(page, 'Send Edited');
  await page.getByText('The server takes at most 500 tokens.').waitFor();
  await workbench.screenshotAllThemes('sampling-edited');
  // What is typed is there again after the page was hidden.
  await workbench.runCommand('MCP Host: Show Usage');
  await workbench.webview('.nothing');
  await workbench.runCommand('View: Close Editor');
  const back = await panel('The server "hikes" asks for a model answer');
  await until(
    'what was typed',
    async () =>
      (await back.getByRole('textbox', { name: 'Message 1 of 3, user' }).inputValue()) ===
      'Which trail is driest?',
  );
  await back.getByLabel('At most this many tokens').fill('400');
  await pressInPanel(back, 'Send Edited');
  await panel('The model answers "hikes"');
  await until('the request', () => Promise.resolve(asked.length === 1));
  const { messages, max_tokens: limit, model } = lastBody(endpoint);
  assert.deepEqual([limit, model], [400, 'large-2']);
  assert.match(JSON.stringify(messages), /Which trail is driest\?.*And this one\?/);
  assert.doesNotMatch(JSON.stringify(messages), /two hours/);
});

test('the answer comes into the same panel, is stopped, asked for again, edited, and returned', async () => {
  const first = asked[0] ?? assert.fail();
  stream(first);
  chunk(first, { content: 'The north loop is the driest ' });
  const page = await panel('The model answers "hikes"');
  await page.getByText('The north loop is the driest').waitFor();
  await page.locator('aside', { hasText: 'large-2' }).waitFor();
  await workbench.screenshotAllThemes('sampling-working');
  await pressInPanel(page, 'Stop');
  await panel('waits for your review');
  await page.getByText('where you stopped the model').waitFor();
  await workbench.screenshotAllThemes('sampling-answered');
  await pressInPanel(page, 'Ask Again');
  await until('the second request', () => Promise.resolve(asked.length === 2));
  const second = asked[1] ?? assert.fail();
  stream(second);
  chunk(second, { content: 'Take the north loop: ' });
  chunk(second, { content: 'it drains well.' });
  chunk(second, {}, { finish_reason: 'stop' });
  second.response.end('data: [DONE]\n\n');
  await page.getByText('Take the north loop: it drains well.').waitFor();
  await panel('waits for your review');
  await pressInPanel(page, 'Edit and Return…');
  await page.getByRole('textbox', { name: 'Answer' }).fill('Take the north loop.');
  await workbench.screenshotBothThemes('sampling-answer-edited');
  await pressInPanel(page, 'Return Edited');
  await result('the model said: Take the north loop.');
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  await workbench.runCommand('View: Close All Editors');
});

test('a person answers in the model’s place, and says why the answer ends', async () => {
  const page = await review('plain');
  await pressInPanel(page, 'Answer Myself…');
  await pressInPanel(page, 'Return My Answer');
  await page.getByText('The answer is empty. Write something first, or deny the request.').waitFor();
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Sunny, I looked');
  await page.getByLabel('Why it ends').selectOption('maxTokens');
  await workbench.screenshotAllThemes('sampling-by-hand');
  await pressInPanel(page, 'Return My Answer');
  await result('the model said: Sunny, I looked (maxTokens)');
  await workbench.runCommand('View: Close All Editors');
});

test('context of another server goes to the model with a request, where the person reads it before', async () => {
  const mine = await review('plain');
  await pressInPanel(mine, 'Answer Myself…');
  await mine.getByRole('textbox', { name: 'Text', exact: true }).fill('It rains at noon');
  await pressInPanel(mine, 'Return My Answer');
  await result('the model said: It rains at noon');
  await workbench.runCommand('MCP Host: Add to Context');
  await workbench.view('Context').expand();
  await workbench.view('Context').waitForText(/ask-plain {2}plain/);
  await workbench.runCommand('View: Close All Editors');
  const page = await review('hikes');
  await pressInPanel(page, 'Attach Context…');
  await workbench.quickInput.shown('the model reads it, server "hikes" gets the answer');
  await workbench.quickInput.toggle('ask-plain');
  await workbench.screenshotBothThemes('sampling-attach');
  await workbench.quickInput.accept();
  const last = page.getByRole('textbox', { name: 'Message 3 of 3, user' });
  await until('what was attached', async () => (await last.inputValue()).includes('It rains at noon'));
  await workbench.screenshotAllThemes('sampling-attached');
  await pressInPanel(page, 'Send Edited');
  await until('the request', () => Promise.resolve(asked.length === 3));
  assert.match(JSON.stringify(lastBody(endpoint).messages), /And this one\?[^]*It rains at noon/);
  const third = asked[2] ?? assert.fail();
  stream(third);
  chunk(third, { content: 'Start early.' });
  chunk(third, {}, { finish_reason: 'stop' });
  third.response.end('data: [DONE]\n\n');
  await panel('waits for your review');
  await pressInPanel(page, 'Return It');
  await result('the model said: Start early.');
  await workbench.view('Context').collapse();
  await workbench.runCommand('View: Close All Editors');
});

test('in a narrow window all of a request with tools is there, and an answer by hand may use one', async () => {
  const { page: window } = workbench;
  const size = window.viewportSize() ?? { width: 1_280, height: 800 };
  const page = await review('guide');
  await window.setViewportSize({ width: 656, height: 1_200 });
  await page.getByText(`Tool "${TOOL.name}"`).waitFor();
  await until('the narrow page', async () => (await sidewaysOf(page)) === 0);
  await pressInPanel(page, 'Answer Myself…');
  await page.getByLabel('Why it ends').selectOption('toolUse');
  await page.getByLabel('What goes to the tool, as a JSON object').fill('["ridge"]');
  await pressInPanel(page, 'Return My Answer');
  await page.getByText('What goes to a tool must be a JSON object.').waitFor();
  assert.equal(await sidewaysOf(page), 0);
  await workbench.screenshotBothThemes('sampling-tool-by-hand');
  await page.getByLabel('What goes to the tool, as a JSON object').fill('{"trail":"ridge"}');
  await pressInPanel(page, 'Return My Answer');
  await window.setViewportSize(size);
  // The editor wraps what comes before.
  await result('{"trail":"ridge"} (toolUse)');
  await workbench.runCommand('View: Close All Editors');
});

test('of several that wait one is shown, the others are a click away, and the next one follows', async () => {
  await ask('hikes');
  await ask('plain');
  await workbench.view('Approvals').row(`plain ${ASKED}`).click();
  const page = await panel('The server "plain" asks for a model answer');
  await page.getByRole('navigation', { name: 'Also waiting' }).waitFor();
  await workbench.screenshotBothThemes('sampling-several');
  await pressInPanel(page, `hikes ${ASKED}`);
  await panel('The server "hikes" asks for a model answer');
  await pressInPanel(page, 'Deny');
  await result('refused with -1');
  await workbench.locator('.tabs-container .tab').filter({ hasText: 'Review Model Request' }).click();
  const next = await panel('The server "plain" asks for a model answer');
  await pressInPanel(next, 'Open as Document');
  await result('What is the weather?');
  await workbench.runCommand('MCP Host: Deny');
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  await until('no panel', async () => !(await workbench.editorTitles()).includes('Review Model Request'));
});
