/** Signing in to a remote server with a real browser: the dialog, the ways back, what the tree says, and signing out. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Page } from 'playwright-core';

import { GuardedServer } from '../support/guardedServer';
import { until } from './support/polling';
import { Workbench } from './support/workbench';

const EDITOR_CALLBACK = 'code-oss://mcp-host.mcp-host/callback';

/** More rights than a dialog has the room for. */
const MANY = Array.from({ length: 60 }, (_, index) => `https://api.example/auth/area-${index + 1}.read`);

/** Where the authorization server sends the browser. */
const sentTo: string[] = [];
/** Set while the browser does not come back by itself. */
let isLost = false;
let guarded: GuardedServer;
let demanding: GuardedServer;
let modest: GuardedServer;
let workbench: Workbench;

before(async () => {
  guarded = await GuardedServer.start({
    callback: (address) => {
      sentTo.push(address.href);
      if (isLost) address.host = new URL(guarded.as.issuer).host;
    },
  });
  demanding = await GuardedServer.start();
  demanding.scopes = MANY.join(' ');
  modest = await GuardedServer.start();
  modest.scopes = MANY.slice(0, 3).join(' ');
  guarded.as.clients.set('by-hand', { redirectUris: [EDITOR_CALLBACK] });
  workbench = await Workbench.open({
    name: 'sign-in',
    userSettings: {
      'mcpHost.servers': {
        guarded: { url: guarded.url },
        many: { url: demanding.url },
        three: { url: modest.url },
        handed: { url: guarded.url, oauth: { clientId: 'by-hand', redirectUri: EDITOR_CALLBACK } },
      },
    },
  });
  await workbench.openContainer('MCP Host');
});

after(async () => {
  await workbench.close();
  for (const server of [guarded, demanding, modest]) await server.stop();
});

/** Signs in from the row, says yes, and returns the page that opens. */
async function openBrowser(): Promise<Page> {
  await workbench.view('Servers').pressRowAction('guarded', 'Sign In');
  await workbench.dialogs.text();
  const opened = workbench.page.context().waitForEvent('page');
  await workbench.dialogs.answer('Open Browser');
  return await opened;
}

test('a server that wants to know who asks says so, and its dialog names everything before a browser opens', async () => {
  const view = workbench.view('Servers');
  await view.waitForText('guarded  needs you to sign in');
  await workbench.screenshotAllThemes('sign-in-row');
  await view.pressRowAction('guarded', 'Sign In');
  const text = await workbench.dialogs.text();
  assert.match(text, /Sign in to server "guarded"\?/);
  assert.ok(text.includes(new URL(guarded.as.issuer).host));
  assert.match(text, /tools/);
  await view.waitForText(/guarded {2}waiting for you to sign in…\n +- Decide whether to sign in/);
  await workbench.screenshotAllThemes('sign-in-dialog');
  await workbench.dialogs.answer('Cancel');
  await view.waitForText('guarded  you closed the sign-in');
  assert.deepEqual(sentTo, []);
});

test('the browser comes back by itself, and the server runs', async () => {
  const page = await openBrowser();
  await page.getByText('You can close this page and go back to the editor.').waitFor();
  await page.screenshot({ path: '.test-output/screenshots/sign-in-browser.png' });
  await page.close();
  await workbench.page.bringToFront();
  const view = workbench.view('Servers');
  await view.waitForText(/guarded {2}running · signed in at 127\.0\.0\.1:\d+ · 2025-11-25/);
  await workbench.notifications.waitForNone('Waiting for you to sign in to server "guarded"');
  await workbench.screenshotAllThemes('signed-in');
  await view.chooseFromMenu('guarded', 'Sign Out');
  await view.waitForText('guarded  needs you to sign in');
  await workbench.notifications.waitFor('You are signed out of server "guarded".');
  await workbench.screenshotAllThemes('signed-out');
  await workbench.notifications.clear();
});

test('a browser that does not come back: the pasted address signs in', async () => {
  isLost = true;
  const page = await openBrowser();
  await until('the browser to end elsewhere', () =>
    Promise.resolve(page.url().includes('/callback') || undefined),
  );
  await workbench.page.bringToFront();
  const waiting = 'Waiting for you to sign in to server "guarded"';
  await workbench.notifications.waitFor(waiting);
  await workbench
    .view('Servers')
    .waitForText(/guarded {2}waiting for you to sign in…\n +- Continue in your browser/);
  await workbench.screenshotAllThemes('sign-in-waiting');
  await workbench.notifications.follow(waiting, 'Paste Callback URL');
  await workbench.quickInput.shown('Paste Callback URL');
  await workbench.screenshotAllThemes('sign-in-paste');
  await workbench.quickInput.submit(sentTo.at(-1) ?? '');
  await workbench.view('Servers').waitForText(/guarded {2}running/);
  await workbench.notifications.waitForNone(waiting);
  await page.close();
});

test('a sign-in that is stopped at its row takes away everything that was shown of it', async () => {
  const view = workbench.view('Servers');
  await view.chooseFromMenu('guarded', 'Sign Out');
  await view.waitForText('guarded  needs you to sign in');
  await workbench.notifications.clear();
  const page = await openBrowser();
  await workbench.page.bringToFront();
  await view.pressRowAction('guarded', 'Paste Callback URL');
  await workbench.quickInput.shown('Paste Callback URL');
  await view.pressRowAction('guarded', 'Stop Server');
  await view.waitForText('guarded  stopped');
  await workbench.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await workbench.notifications.waitForNone('Waiting for you to sign in');
  await page.close();
  isLost = false;
});

test('an address that the system hands to the editor signs in', async () => {
  await workbench.view('Servers').waitForText('handed  needs you to sign in');
  await workbench.view('Servers').pressRowAction('handed', 'Sign In');
  await workbench.dialogs.answer('Open Browser');
  // A browser that is sent to another program shows no page of its own.
  await until('the address', () => Promise.resolve(sentTo.at(-1)?.startsWith(EDITOR_CALLBACK)));
  await workbench.runCommand('Developer: Open URL');
  await workbench.quickInput.shown('URL to open');
  await workbench.quickInput.submit(sentTo.at(-1) ?? '');
  // The editor asks whether this extension may be opened by an address.
  await workbench.dialogs.answer('Open');
  await workbench.view('Servers').waitForText(/handed {2}running/);
});

test('few rights are named in a dialog, one on each line', async () => {
  const view = workbench.view('Servers');
  await view.pressRowAction('three', 'Sign In');
  const lines = (await workbench.dialogs.text()).split('\n').map((line) => line.trim());
  await workbench.screenshotBothThemes('sign-in-three');
  await workbench.dialogs.answer('Cancel');
  // Whoever clicks on a row while the tree is drawn anew is asked which server is meant.
  await view.waitForText('three  you closed the sign-in');
  for (const right of MANY.slice(0, 3)) assert.ok(lines.includes(`• ${right}`), JSON.stringify(lines));
});

test('many rights are looked through in a list that scrolls, with the answer behind them', async () => {
  const { quickInput, page } = workbench;
  const view = workbench.view('Servers');
  await view.pressRowAction('many', 'Sign In');
  await quickInput.shown('Sign in to server "many"?');
  await workbench.screenshotAllThemes('sign-in-many');
  // Enter alone opens nothing.
  await quickInput.accept();
  await quickInput.shown('Sign in to server "many"?');
  const last = page.locator('.quick-input-list .monaco-list-row', { hasText: "Don't Sign In" });
  // From the first row up leads to the last; a theme that changes draws the list from its beginning.
  const toTheEnd = (): Promise<true> =>
    until('the end of the list', async () => {
      if (!(await last.isVisible())) await page.keyboard.press('ArrowUp');
      return await last.isVisible();
    });
  await toTheEnd();
  await workbench.screenshotAllThemes('sign-in-many-end');
  await toTheEnd();
  await quickInput.pick("Don't Sign In");
  await view.waitForText('many  you closed the sign-in');
});
