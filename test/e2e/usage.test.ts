/** What sampling costs: counted while a server asks, shown below the server and in a panel, saved to a file, and cleared. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Frame } from 'playwright-core';

import { until } from './support/polling';
import { pressInPanel, reviewRequest } from './support/samplingPanel';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const servers = {
  // What a spreadsheet would take for a formula.
  '@sampler': { command: 'node', args: [path.resolve('test/support/samplingServer.mjs')] },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({
    name: 'usage',
    userSettings: {
      'mcpHost.servers': servers,
      'mcpHost.sampling.reviewAnswers': false,
      'files.simpleDialog.enable': true,
    },
  });
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/@sampler {2}running[^]*Tools {2}2/);
});

after(() => workbench.close());

const panel = async (selector: string): Promise<Frame> => await workbench.webview(selector);

/** Has the server ask. */
async function ask(): Promise<void> {
  await callTool(workbench, 'ask');
  const asks = 'asks for a model answer';
  await workbench.view('Approvals').waitForText(`@sampler ${asks}`);
}

async function decide(button: string, result: string): Promise<void> {
  await pressInPanel(await reviewRequest(workbench, '@sampler'), button);
  await until('the result', async () => (await workbench.editorText().catch(() => '')).includes(result));
  await workbench.runCommand('View: Close All Editors');
}

test('before anything was asked the panel says when something will be here, and the tree says nothing', async () => {
  assert.doesNotMatch(await workbench.view('Servers').text(), /Sampling/);
  await workbench.runCommand('MCP Host: Show Usage');
  const page = await panel('.nothing');
  await page.getByText('No server has asked for a model answer yet.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Export CSV…' }).getAttribute('aria-disabled'), 'true');
  await workbench.screenshotBothThemes('usage-empty');
  await workbench.runCommand('View: Close All Editors');
});

test('requests are counted below their server, and in the panel by server, model and time', async () => {
  for (let count = 0; count < 2; count++) {
    await ask();
    await decide('Send', 'the model said');
  }
  await ask();
  await decide('Deny', 'refused with -1');
  const view = workbench.view('Servers');
  const text = await view.waitForText(/Sampling {2}3 requests, /);
  assert.match(text, /Sampling {2}3 requests, \d+ tokens today/);
  await view.row('Sampling').click();
  const page = await panel('table');
  // Cell by cell: a page that is only about to be painted has no spaces between them.
  const rows = page.locator('.servers tbody tr');
  const [server, model, none, total] = await rows.evaluateAll((all) =>
    (all as unknown as QueryRoot[]).map((row) =>
      [...row.querySelectorAll('th span, td')].map(({ textContent }) => textContent?.trim()).join(' '),
    ),
  );
  assert.match(server ?? '', /^@sampler 3 1 \d+ \d+$/);
  assert.match(model ?? '', /^Fixture Model \(mcp-host-fixture\) 2 answered 2 0 [1-9]\d* [1-9]\d*$/);
  assert.match(none ?? '', /^No model 1 denied by you 1 1 0 0$/);
  assert.match(total ?? '', /^Total 3 1 \d+ \d+$/);
  assert.equal(await page.getByRole('img').count(), 2);
  await page.locator('summary').click();
  await page.locator('details[open] tbody tr').first().waitFor();
  await workbench.screenshotAllThemes('usage');
});

test('the period is chosen with the keyboard', async () => {
  const page = await panel('table');
  await page.getByRole('radio', { name: /^7 days/ }).focus();
  await workbench.page.keyboard.press('ArrowLeft');
  await page.getByRole('img', { name: 'Tokens by hour, at most' }).waitFor();
  assert.equal(
    await page.locator('input:focus').getAttribute('value'),
    'today',
    'the choice keeps the focus while the page changes',
  );
  await workbench.page.keyboard.press('ArrowRight');
  await workbench.page.keyboard.press('ArrowRight');
  await page.getByRole('img', { name: 'Tokens by day, at most' }).waitFor();
  // The choice in between, of seven days, may still be drawn first.
  await until(
    'a bar for each day',
    async () => (await page.locator('svg').first().locator('g').count()) === 30,
  );
  await workbench.screenshot('usage-month-focus');
});

test('in a narrow window everything is there', async () => {
  const { page } = workbench;
  const size = page.viewportSize() ?? { width: 1_280, height: 800 };
  await page.setViewportSize({ width: 700, height: 1_300 });
  const frame = await panel('table');
  await until(
    'the narrow page',
    async () => (await frame.locator('thead').first().boundingBox())?.width === 1,
  );
  const overflow = await frame.locator('html').evaluate((element) => {
    const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });
  assert.equal(overflow, 0, 'nothing has to be scrolled sideways');
  await workbench.screenshotBothThemes('usage-narrow');
  await page.setViewportSize(size);
});

test('the counts are exported as CSV, in which no name is a formula', async () => {
  const file = path.join(workbench.folder, 'usage.csv');
  const page = await panel('table');
  await page.getByRole('button', { name: 'Export CSV…' }).click();
  await workbench.quickInput.shown('Export Sampling Usage');
  await workbench.quickInput.submitFile(file);
  await until('the file', () => Promise.resolve(existsSync(file) && readFileSync(file, 'utf8') !== ''));
  const [header, ...lines] = readFileSync(file, 'utf8').split('\r\n');
  assert.match(header ?? '', /^day,server,folder,model,vendor,requests,answered,/);
  assert.equal(lines.length, 3);
  for (const line of lines.slice(0, 2)) assert.match(line, /^\d{4}-\d\d-\d\d,'@sampler,,/);
  await workbench.notifications.clear();
});

test('the counts outlive a reload, and are cleared only after the person was asked', async () => {
  await workbench.runCommand('View: Close All Editors');
  await workbench.reload();
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/Sampling {2}3 requests, \d+ tokens today/);
  await workbench.runCommand('MCP Host: Show Usage');
  const page = await panel('table');
  await page.getByRole('button', { name: 'Clear…' }).click();
  assert.match(await workbench.dialogs.text(), /Clear the usage of all servers\?[^]*cannot be undone/);
  await workbench.screenshotBothThemes('usage-clear');
  await workbench.dialogs.answer('Cancel');
  await workbench.view('Servers').waitForText(/Sampling {2}3 requests/);
  await page.getByRole('button', { name: 'Clear…' }).click();
  await workbench.dialogs.answer('Clear');
  await page.getByText('No server has asked for a model answer yet.').waitFor();
  await until('the row to go', async () => !(await workbench.view('Servers').text()).includes('Sampling'));
});

/** The part of the DOM's element that runs in the page; the tests are compiled without the DOM's types. */
interface QueryRoot {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string | null }>;
}
