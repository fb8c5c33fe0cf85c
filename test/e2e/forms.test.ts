/** What servers ask a person for: a form that is filled in on one page, and an address that opens by a click. With the mouse and the keyboard. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Frame } from 'playwright-core';

import { json, ScriptedHttp } from '../support/scriptedHttp';
import { until } from './support/polling';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const EVERYTHING = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

let site: ScriptedHttp;
let workbench: Workbench;

before(async () => {
  site = await ScriptedHttp.start((exchange) => json(exchange, 200, 'a page'));
  const servers = {
    input: {
      command: 'node',
      args: [path.resolve('test/support/inputServer.mjs')],
      env: { PAGE: `${site.origin}/consent?for=notes` },
    },
    everything: { command: 'node', args: [EVERYTHING, 'stdio'], roots: 'none' },
  };
  workbench = await Workbench.open({ name: 'forms', userSettings: { 'mcpHost.servers': servers } });
  await workbench.openContainer('MCP Host');
  await workbench.view('Servers').waitForText(/input {2}running[^]*everything {2}running[^]*Tools {2}\d+/);
});

after(async () => {
  await workbench.close();
  await site.stop();
});

/** Calls a tool, and opens what its server asks then from its notification. */
async function ask(tool: string, asks: string, selector: string): Promise<Frame> {
  await callTool(workbench, tool);
  await workbench.notifications.waitFor(asks);
  assert.deepEqual(await workbench.notifications.buttons(asks), ['Answer…', 'Decline']);
  await workbench.notifications.press(asks, 'Answer…');
  return await workbench.webview(selector);
}

async function textWith(part: string | RegExp): Promise<string> {
  return until(`${String(part)} in the editor`, async () => {
    const text = await workbench.editorText().catch(() => '');
    return (typeof part === 'string' ? text.includes(part) : part.test(text)) ? text : undefined;
  });
}

/** How much of a page has to be scrolled sideways. */
async function overflowOf(frame: Frame): Promise<number> {
  return await frame.locator('html').evaluate((element) => {
    const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });
}

/** The page was shown for long enough. */
async function settled(frame: Frame): Promise<void> {
  await frame.getByRole('button', { name: 'Decline' }).and(frame.locator('[aria-disabled=false]')).waitFor();
}

/** Ctrl+A is a command of the editor, which comes back to the page a moment later and would select what was typed meanwhile. */
async function selectField(): Promise<void> {
  for (const key of ['Home', 'Shift+End']) await workbench.page.keyboard.press(key);
}

const FORM = 'Trigger Elicitation Request Tool';
const ASKS = 'Server "everything" asks you for input';

test('a form stands on one page with who asks, what is proposed, and what is wrong as it is typed', async () => {
  const frame = await ask(FORM, ASKS, '.field');
  await workbench.view('Approvals').waitForText('everything asks you for input  10 min left');
  await frame.getByRole('heading', { name: ASKS }).waitFor();
  assert.match(
    await frame.locator('header').innerText(),
    /Cause[^]*trigger-elicitation-request[^]*Since[^]*10 min left/,
  );
  assert.equal(await frame.locator('.field').count(), 13);
  const name = frame.getByRole('textbox', { name: 'String', exact: true });
  await until('the first field to have the focus', async () =>
    name.evaluate(
      (element) =>
        element ===
        (element as unknown as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement,
    ),
  );
  assert.equal(await name.inputValue(), '');
  assert.equal(await frame.getByRole('textbox', { name: 'Integer' }).inputValue(), '42');
  assert.equal(await frame.getByText('proposed by the server').locator('visible=true').count(), 8);
  await workbench.screenshotAllThemes('form');
  const email = frame.getByRole('textbox', { name: 'String with email format' });
  await email.fill('ada');
  await frame.locator('.problem', { hasText: 'email' }).waitFor();
  assert.equal(await email.getAttribute('aria-invalid'), 'true');
  const described = (await email.getAttribute('aria-describedby')) ?? '';
  assert.match(described, /field-\d+-problem/);
  await workbench.screenshotAllThemes('form-problem');
  await email.fill('ada@example.com');
  await frame.locator('.problem', { hasText: 'email' }).waitFor({ state: 'hidden' });
});

test('Enter sends nothing, Ctrl+Enter leads to what is missing, and what is entered outlives its tab', async () => {
  const { keyboard } = workbench.page;
  let frame = await workbench.webview('.field');
  const name = frame.getByRole('textbox', { name: 'String', exact: true });
  await settled(frame);
  await name.focus();
  await keyboard.press('Enter');
  assert.equal(await name.inputValue(), '', 'nor does it leave a line end');
  await keyboard.press('Control+Enter');
  await frame.locator('.problem', { hasText: 'Required.' }).first().waitFor();
  assert.match(await frame.getByRole('status').innerText(), /1 field to be filled in or corrected/);
  await name.fill('Ada');
  await workbench.runCommand('View: Close All Editors');
  await workbench.view('Approvals').waitForText('everything asks you for input');
  await workbench.view('Approvals').pressRowAction('everything asks you for input', 'Answer');
  frame = await workbench.webview('.field');
  const again = frame.getByRole('textbox', { name: 'String', exact: true });
  assert.equal(await again.inputValue(), 'Ada');
  assert.equal(
    await frame.getByRole('textbox', { name: 'String with email format' }).inputValue(),
    'ada@example.com',
  );
});

test('in a narrow and low window everything is there, and the buttons stay', async () => {
  const { page } = workbench;
  const size = page.viewportSize() ?? { width: 1_280, height: 800 };
  await page.setViewportSize({ width: 640, height: 900 });
  const frame = await workbench.webview('.field');
  await until('the narrow page', async () => (await overflowOf(frame)) === 0);
  await workbench.screenshotBothThemes('form-narrow');
  await page.setViewportSize({ width: 900, height: 480 });
  assert.ok(await frame.getByRole('button', { name: 'Submit' }).isVisible());
  await workbench.screenshotBothThemes('form-low');
  await page.setViewportSize(size);
});

test('a form is sent only when all of it was in view, and exactly as it stood there', async () => {
  const frame = await workbench.webview('.field');
  const submit = frame.getByRole('button', { name: 'Submit' });
  const status = frame.getByRole('status');
  await frame
    .getByRole('group', { name: 'Titled Multiple Select Enum', exact: true })
    .scrollIntoViewIfNeeded();
  await frame.getByRole('radiogroup', { name: 'Boolean' }).getByText('Yes').click();
  for (const field of await frame.locator('.field .end').all()) await field.scrollIntoViewIfNeeded();
  await until('it to be ready', async () => (await status.innerText()) === '11 answers to be sent.');
  await frame.getByText('What would be sent, as JSON').click();
  await workbench.screenshotAllThemes('form-ready');
  const shown = JSON.parse(await frame.locator('pre').innerText()) as Record<string, unknown>;
  assert.deepEqual([shown['name'], shown['check'], shown['integer']], ['Ada', true, 42]);
  await submit.click();
  const text = await textWith('User provided the requested information');
  assert.match(text, /"name": "Ada",\s+"check": true,\s+"firstLine": "It was a dark and stormy night\."/);
  await workbench.view('Approvals').waitForText('Nothing is waiting for your decision.');
  assert.ok(!(await workbench.editorTitles()).some((title) => title.startsWith('Request of')));
});

test('a form is filled in and sent with the keyboard alone', async () => {
  const { keyboard } = workbench.page;
  const frame = await ask('where it shall go', 'Server "input" asks you for input', '.field');
  const name = frame.getByRole('textbox', { name: 'Name' });
  await until('the first field', async () => (await name.inputValue()) === 'Ada');
  await settled(frame);
  await selectField();
  await keyboard.type('Grace');
  await keyboard.press('Tab');
  await selectField();
  await keyboard.type('7');
  await keyboard.press('Tab');
  await keyboard.press('ArrowDown');
  // The keys lead through all of it, so all of it comes into view.
  for (const field of ['color', 'note']) {
    await keyboard.press('Tab');
    await frame.locator('.field', { hasText: field }).locator(':focus').waitFor();
  }
  await until(
    'it to be ready',
    async () => (await frame.getByRole('status').innerText()) === '4 answers to be sent.',
  );
  await workbench.screenshot('form-keyboard');
  await keyboard.press('Control+Enter');
  const text = await textWith('form was answered');
  assert.match(text, /"accept","content":\{"name":"Grace","count":7,\s*"gift":false,"color":"blue"\}/);
});

test('what looks like a secret is warned of, and sent only after one more question', async () => {
  const frame = await ask('login', 'Server "input" asks you for input', '.field');
  await frame.getByText('This looks like a secret.').waitFor();
  await frame.getByRole('textbox', { name: 'User' }).fill('ada');
  await frame.getByRole('textbox', { name: 'Password' }).fill('hunter2');
  await frame.getByRole('button', { name: 'Submit', exact: true }).click();
  await frame.getByRole('alert').getByText('Password').waitFor();
  await workbench.screenshotAllThemes('form-secret');
  await frame.getByRole('button', { name: 'Go Back' }).click();
  await frame.getByRole('alert').waitFor({ state: 'hidden' });
  await frame.getByRole('button', { name: 'Decline' }).click();
  await textWith('login was answered with {"action":"decline"}');
});

test('an address is shown whole with its host, and opened only by a click; the call goes on when the person is done', async () => {
  const { quickInput, notifications } = workbench;
  const frame = await ask('first', 'Server "input" asks you to open a page', '.address');
  const { host } = new URL(site.origin);
  assert.equal(await frame.locator('.host').innerText(), host);
  assert.equal(await frame.locator('.address').innerText(), `http://${host}/consent?for=notes`);
  assert.equal(await frame.locator('.address strong').innerText(), host);
  assert.equal(await frame.locator('a').count(), 0, 'nothing in it is a link');
  const open = frame.getByRole('button', { name: 'Open in Browser' });
  await open.and(frame.locator('[aria-disabled=false]')).waitFor();
  for (const key of ['Enter', 'Control+Enter', 'Space']) await workbench.page.keyboard.press(key);
  await workbench.screenshotAllThemes('address');
  await workbench.page.setViewportSize({ width: 640, height: 800 });
  await workbench.screenshotBothThemes('address-narrow');
  await workbench.page.setViewportSize({ width: 1_280, height: 800 });
  assert.equal(site.got('GET').length, 0, 'nothing was fetched, and no key alone opens anything');
  const opened = workbench.page.context().waitForEvent('page');
  await open.click();
  const page = await opened;
  await page.getByText('a page').waitFor();
  await page.close();
  assert.deepEqual(
    site.got('GET').map((exchange) => exchange.path),
    ['/consent?for=notes'],
  );
  const waits = 'input waits until you are done in the browser';
  await workbench.view('Approvals').waitForText(waits);
  await workbench.screenshotAllThemes('page-wait');
  await workbench.view('Approvals').pressRowAction(waits, 'Answer');
  await quickInput.shown('Are you done with what you opened?');
  await workbench.screenshotAllThemes('page-wait-answer');
  await quickInput.accept();
  await textWith('it was opened first');
  await notifications.clear();
});

test('a form that its server takes back closes, and says why', async () => {
  await ask(FORM, ASKS, '.field');
  await workbench.runCommand('MCP Host: Stop Server');
  await workbench.quickInput.type('everything');
  await until('the server', async () => (await workbench.quickInput.rows()).length === 1);
  await workbench.quickInput.accept();
  await workbench.notifications.waitFor('What server "everything" asked you was closed.');
  assert.ok(!(await workbench.editorTitles()).some((title) => title.startsWith('Request of')));
  await workbench.screenshotBothThemes('form-closed');
});
