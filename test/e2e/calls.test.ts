/** Arguments asked one by one, with the keyboard alone; and a long call that is cancelled from its notification. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { until } from './support/polling';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const everything = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const servers = {
  'trail-notes': { command: 'node', args: [path.resolve('examples/servers/trail-notes.mjs')] },
  everything: { command: 'node', args: [everything, 'stdio'], roots: 'none' },
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({
    name: 'calls',
    // Of a person whose editor saves whatever is typed.
    userSettings: { 'mcpHost.servers': servers, 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 50 },
  });
  await workbench.openContainer('MCP Host');
  await workbench
    .view('Servers')
    .waitForText(/trail-notes {2}running[^]*Tools {2}\d+[^]*everything {2}running[^]*Tools {2}\d+/);
});

after(() => workbench.close());

test('arguments are asked one by one: checked while typed, Back keeps them, JSON at any point', async () => {
  const { quickInput, page } = workbench;
  await callTool(workbench, 'add_note');
  await quickInput.shown('Trail (1/');
  await quickInput.type('old-quarry');
  await quickInput.accept();
  await quickInput.shown('Title (2/');
  await quickInput.type('ab');
  await until('what is wrong', async () => /at least 3/.test(await quickInput.message()));
  await quickInput.accept();
  await quickInput.shown('Title (2/');
  await quickInput.submit('Fog at noon');
  await quickInput.shown('Run the tool, or select an argument to set');
  const rows = await quickInput.rows();
  assert.equal(rows[0]?.label, 'Run Tool');
  assert.match(rows[0]?.detail ?? '', /"trail":"old-quarry","title":"Fog at noon"/);
  // The editor's own key for Back on Linux.
  await page.keyboard.press('Control+Alt+Minus');
  await quickInput.shown('Title (2/');
  assert.equal(await page.locator('.quick-input-widget input').first().inputValue(), 'Fog at noon');
  await quickInput.pressButton('Edit as JSON');
  await quickInput.shown('The arguments as one JSON object.');
  await quickInput.type('{"trail":"old-quarry","title":');
  await quickInput.accept();
  await until('what is wrong', async () => /JSON|Unexpected/.test(await quickInput.message()));
  await workbench.screenshot('broken-json');
  await quickInput.submit('{"trail":"old-quarry","title":"Fog at dusk","people":2}');
  const text = await until('the result', async () => {
    const shown = await workbench.editorText().catch(() => '');
    return shown.includes('Added note') ? shown : undefined;
  });
  assert.match(text, /"title": "Fog at dusk",\s+"people": 2/);
});

test('arguments in an editor are saved by nothing but the person and Run, and outlive a reload as they are', async () => {
  const { quickInput, page } = workbench;
  const dirty = page.locator('.tab.dirty').filter({ hasText: 'echo arguments' });
  await callTool(workbench, 'echo');
  await quickInput.shown('(1/1)');
  await quickInput.pressButton('Edit as JSON');
  await quickInput.shown('The arguments as one JSON object.');
  await quickInput.type('{"message":"Fog at dawn"}');
  await quickInput.pressButton('Edit in an Editor');
  const lens = page.locator('.editor-group-container.active .codelens-decoration');
  await lens.getByText('Run Tool with These Arguments').waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(' ');
  // The editor puts aside what is not saved, and nothing else.
  await until('the backup', () => Promise.resolve(workbench.hasBackup('mcp-host-arguments', 'Fog at dawn')));
  await workbench.screenshotBothThemes('arguments');
  assert.equal(await dirty.count(), 1);
  await lens.getByText('Run Tool with These Arguments').click();
  await until('the result', async () =>
    (await workbench.editorText().catch(() => '')).includes('Echo: Fog at dawn'),
  );
  await until('what was run to be no draft', async () => (await dirty.count()) === 0);

  await page.locator('.tab').filter({ hasText: 'echo arguments' }).click();
  await lens.getByText('Run Tool with These Arguments').waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('  ');
  await until('the backup', () => Promise.resolve(workbench.hasBackup('mcp-host-arguments', '   {')));
  await workbench.reload();
  await page.locator('.tab').filter({ hasText: 'echo arguments' }).click();
  await lens.getByText('These arguments are from an earlier session').waitFor();
  await until('the text', async () => (await workbench.editorText()).startsWith('   {'));
  await workbench.screenshotBothThemes('arguments-earlier');
  // What is saved is kept as well.
  await page.keyboard.press('Control+S');
  await dirty.waitFor({ state: 'detached' });
  await workbench.reload();
  await page.locator('.tab').filter({ hasText: 'echo arguments' }).click();
  await until('the text', async () => (await workbench.editorText()).startsWith('   {'));
});

test('the arguments of the last call are offered again', async () => {
  await callTool(workbench, 'add_note');
  const { quickInput } = workbench;
  await quickInput.shown('Choose the arguments to begin with');
  const labels = (await quickInput.rows()).map(({ label }) => label);
  assert.ok(labels.includes('Run With Last Arguments'), labels.join(', '));
  await quickInput.cancel();
});

test('a long call shows its progress, and Cancel ends it', async () => {
  await callTool(workbench, 'trigger-long-running-operation');
  const { quickInput, notifications } = workbench;
  await quickInput.shown('Run the tool, or select an argument to set');
  await quickInput.accept();
  const running = /Running "Trigger Long Running Operation Tool" \(everything\)/;
  const text = await notifications.waitFor(/Running "Trigger[^]*: \d/);
  assert.match(text, running);
  await workbench.screenshot('progress');
  await notifications.press(running, 'Cancel');
  await until('the word of it', async () =>
    (await workbench.statusBar()).some((item) =>
      item.includes('Cancelled "Trigger Long Running Operation Tool". The server may still have acted.'),
    ),
  );
  await until('the notification to go', async () =>
    (await notifications.texts()).every((message) => !running.test(message)),
  );
});
