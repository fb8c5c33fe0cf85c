/** The Context view: what several servers know is put together by the person, in their order, and stays over a reload. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Locator } from 'playwright-core';

import { until } from './support/polling';
import { Workbench } from './support/workbench';

const modules = path.resolve('node_modules/@modelcontextprotocol');
const servers = {
  'trail-notes': { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] },
  everything: { command: 'node', args: [path.join(modules, 'server-everything/dist/index.js'), 'stdio'] },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({
    name: 'context',
    viewport: { width: 1280, height: 1_400 },
    userSettings: { 'mcpHost.servers': servers },
  });
  await workbench.openContainer('MCP Host');
  await workbench
    .view('Servers')
    .waitForText(/trail-notes {2}running[^]*everything {2}running[^]*Tools {2}\d+/);
  await workbench.view('Approvals').collapse();
});

after(() => workbench.close());

/** As a hand does it: the editor looks at where a row is dragged over more than once before it may be dropped. */
async function dragTo(row: Locator, target: Locator): Promise<void> {
  const { mouse } = workbench.page;
  await row.hover();
  await mouse.down();
  for (let move = 0; move < 3; move++) await target.hover({ position: { x: 60 + move, y: 8 } });
  await mouse.up();
}

test('an empty context says what it is for', async () => {
  const context = workbench.view('Context');
  await context.expand();
  await context.waitForText(/Put together what several servers know/);
});

test('a resource is put in from its menu, one of another server by dragging its row', async () => {
  const [view, context] = [workbench.view('Servers'), workbench.view('Context')];
  await view.openRowBelow('everything', 'Resources');
  await view.chooseFromMenu('architecture.md', 'Add to Context');
  await context.waitForText(/architecture\.md {2}everything · [\d,]+ tokens/);
  await view.closeRow('everything');
  await view.openRowBelow('trail-notes', 'Resources');
  const guide = view.row('Guide').or(view.row('guide')).first();
  await dragTo(guide, context.row('architecture.md'));
  await context.waitForText(/trail-notes · [\d,]+ tokens/);
  const header = workbench.locator('.pane-header[aria-label^="Context"]');
  assert.match(await header.innerText(), /[\d,]+ of 32,000 tokens/);
  await workbench.screenshotAllThemes('context');
});

test('the result of a tool is put in from its document, and all of it opens as one document', async () => {
  const context = workbench.view('Context');
  await workbench.runCommand('MCP Host: Call Tool...');
  await workbench.quickInput.type('echo');
  await until('the tool', async () => (await workbench.quickInput.rows()).length > 0);
  await workbench.quickInput.accept();
  await workbench.quickInput.shown('message');
  await workbench.quickInput.submit('kept for later');
  await until('the result', async () => {
    if ((await workbench.editorText().catch(() => '')).includes('Echo: kept for later')) return true;
    if (await workbench.quickInput.isShown(200)) await workbench.quickInput.accept();
    return false;
  });
  await workbench.runCommand('MCP Host: Add to Context');
  await context.waitForText(/echo {2}everything · [\d,]+ tokens/);
  await workbench.runCommand('MCP Host: Open Context as Document');
  await until('the whole context', async () => {
    const text = await workbench.editorText();
    return (
      text.includes('resource of server "everything"') && text.includes('resource of server "trail-notes"')
    );
  });
  await workbench.screenshotBothThemes('context-document');
});

test('a reload keeps it, and what is removed is gone', async () => {
  await workbench.reload();
  await workbench.openContainer('MCP Host');
  const context = workbench.view('Context');
  await context.waitForText(/architecture\.md[^]*echo {2}everything/);
  await context.pressRowAction('echo', 'Remove from Context');
  await until('one less', async () => !(await context.text()).includes('echo'));
  assert.match(await context.text(), /architecture\.md/);
});
