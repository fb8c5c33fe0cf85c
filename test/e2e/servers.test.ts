/** The Servers view as text: what three real servers look like, what a crash says, and what there is without servers. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Workbench } from './support/workbench';

const modules = path.resolve('node_modules/@modelcontextprotocol');
const golden = path.resolve('test/e2e/goldens/servers.txt');
const crash =
  'console.error("connecting, see https://example.com/x"); console.error("the password is wrong"); process.exit(7)';
const servers = {
  broken: { command: 'node', args: ['-e', crash] },
  'trail-notes': { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] },
  everything: { command: 'node', args: [path.join(modules, 'server-everything/dist/index.js'), 'stdio'] },
  filesystem: {
    command: 'node',
    args: [path.join(modules, 'server-filesystem/dist/index.js'), '${workspaceFolder}'],
  },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({ name: 'servers', viewport: { width: 1280, height: 2_000 } });
  await workbench.openContainer('MCP Host');
});

after(() => workbench.close());

test('without servers the view offers what to do, by link', async () => {
  const view = workbench.view('Servers');
  const text = await view.waitForText('No MCP servers are set up yet.');
  for (const link of ['Add Server', 'Open Settings', 'Open Demo Workspace'])
    assert.ok(text.includes(link), link);
  await workbench.screenshot('welcome');
});

test('the tree of three real servers, and of one that crashed, is as the golden says', async () => {
  const view = workbench.view('Servers');
  const running = view.waitForText(
    /trail-notes {2}running[^]*everything {2}running[^]*filesystem {2}running[^]*Tools {2}\d+/,
  );
  await workbench.writeUserSettingsUntil({ 'mcpHost.servers': servers }, running);
  await view.waitForText('broken  failed: exit code 7');
  await workbench.view('Approvals').collapse();
  // From below, so that what is opened does not move what is opened next.
  const lists = ['Prompts', 'Resource Templates', 'Resources', 'Tools'];
  for (const server of ['filesystem', 'everything', 'trail-notes'])
    for (const list of lists) await view.openRowBelow(server, list);
  await view.waitForText(
    /List trails {2}list_trails[^]*Echo Tool {2}echo[^]*Read Text File {2}read_text_file/,
  );
  const text = `${await view.text()}\n`;
  await workbench.screenshot('tree');
  if (process.env['MCP_HOST_UPDATE_GOLDENS'] === '1') writeFileSync(golden, text);
  assert.equal(text, readFileSync(golden, 'utf8'), 'run with MCP_HOST_UPDATE_GOLDENS=1 when this is meant');
});

test('the tooltip of a server that crashed says its exit code and its last words, and nothing in it is a link', async () => {
  const tooltip = await workbench.view('Servers').tooltipOf('broken');
  assert.match(tooltip, /exit\scode\s7[^]*stderr:\sconnecting[^]*stderr:\sthe\spassword\sis\swrong/);
  assert.equal(
    await workbench.page.locator('.workbench-hover a[href], .workbench-hover a[data-href]').count(),
    0,
  );
});
