/** The Servers view as text: what three real servers look like, what a crash says, and what there is without servers. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Locator } from 'playwright-core';

import { until } from './support/polling';
import { Workbench } from './support/workbench';

const modules = path.resolve('node_modules/@modelcontextprotocol');
const golden = path.resolve('test/e2e/goldens/servers.txt');
const crash =
  'console.error("connecting, see https://example.com/x"); console.error("the password is wrong"); process.exit(7)';
const servers = {
  broken: { command: 'node', args: ['-e', crash] },
  'trail-notes': { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] },
  everything: {
    command: 'node',
    args: [path.join(modules, 'server-everything/dist/index.js'), 'stdio'],
    roots: 'none',
  },
  filesystem: {
    command: 'node',
    args: [path.join(modules, 'server-filesystem/dist/index.js'), '${workspaceFolder}'],
    roots: 'none',
  },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({ name: 'servers', viewport: { width: 1280, height: 2_100 } });
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

test('a server is added by its command or its address, and an address that cannot be one is not', async () => {
  const { quickInput } = workbench;
  await workbench.runCommand('MCP Host: Add Server...');
  await quickInput.shown('Add Server (1/3)');
  await quickInput.type('https://me:pw@a.example/mcp');
  await until('what is wrong with it', async () =>
    (await quickInput.message()).includes('must not hold a user name'),
  );
  await quickInput.submit('http://127.0.0.1:1/mcp');
  await quickInput.shown('Add Server (2/3)');
  await quickInput.pick('User Settings');
  await quickInput.shown('Add Server (3/3)');
  await quickInput.submit('added');
  await workbench.view('Servers').waitForText('added  failed: nothing answers');
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

test('the menu of a server, a tool, a resource, a template and a prompt shows their definitions as JSON', async () => {
  const view = workbench.view('Servers');
  const rows = [
    ['everything', '"protocolVersion": "2025-11-25"'],
    ['Echo Tool', '"name": "echo"'],
    ['architecture.md', '"uri": "demo://resource/static/document/architecture.md"'],
    ['Dynamic Text Resource', '"uriTemplate": "demo://resource/dynamic/text/{resourceId}"'],
    ['Simple Prompt', '"name": "simple-prompt"'],
  ] as const;
  for (const [label, expected] of rows) {
    await view.chooseFromMenu(label, 'Show Definition');
    await until(`the definition of ${label}`, async () => (await workbench.editorText()).includes(expected));
  }
  await workbench.screenshotAllThemes('definition');
});

test('the tooltip of a server that crashed says its exit code and its last words, and nothing in it is a link', async () => {
  const tooltip = await workbench.view('Servers').tooltipOf('broken');
  assert.match(tooltip, /exit\scode\s7[^]*stderr:\sconnecting[^]*stderr:\sthe\spassword\sis\swrong/);
  assert.equal(
    await workbench.page.locator('.workbench-hover a[href], .workbench-hover a[data-href]').count(),
    0,
  );
});

test('in a narrow side bar names are cut, and no part of a row lies over another', async () => {
  const sideBar = workbench.locator('.sidebar');
  await narrow(workbench, 215);
  const edge = right(await boxOf(sideBar));
  await workbench.view('Servers').row('Get Annotated Message Tool').hover();
  const rows = await workbench.locator('.sidebar .pane:visible .monaco-list-row').all();
  assert.ok(rows.length > 40);
  for (const row of rows) {
    const what = await row.innerText();
    const icon = await boxOf(row.locator('.custom-view-tree-node-item-icon'));
    const name = await boxOf(row.locator('.monaco-icon-label-container'));
    const actions = await boxOf(row.locator('.actions'));
    assert.ok(right(icon) <= name.x && name.width > 40, what);
    assert.ok(right(name) <= edge && right(actions) <= edge, what);
    assert.ok(actions.width === 0 || right(name) <= actions.x + 1, what);
  }
  await workbench.screenshotAllThemes('narrow');
});

/** Makes the side bar this wide, as a person does, who takes its edge again where a busy window did not follow. */
async function narrow(workbench: Workbench, width: number): Promise<void> {
  await until(`a side bar of ${width}`, async () => {
    await dragSash(workbench, width);
    return Math.abs((await boxOf(workbench.locator('.sidebar'))).width - width) < 10;
  });
}

async function dragSash({ page }: Workbench, width: number): Promise<void> {
  const sideBar = await boxOf(page.locator('.sidebar'));
  // A tooltip that is still there would lie over the edge.
  await page.mouse.move(right(sideBar) + 300, 800);
  await page.locator('.workbench-hover-container .monaco-hover').first().waitFor({ state: 'hidden' });
  await page.mouse.move(right(sideBar), 400);
  await page.mouse.down();
  await page.mouse.move(sideBar.x + width, 400, { steps: 5 });
  await page.mouse.up();
}

interface Box {
  readonly x: number;
  readonly width: number;
}

/** Where something is; of no width where it is not. */
async function boxOf(part: Locator): Promise<Box> {
  return (await part.first().boundingBox()) ?? { x: 0, width: 0 };
}

function right({ x, width }: Box): number {
  return x + width;
}
