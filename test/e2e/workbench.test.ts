import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Workbench } from './support/workbench';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.open({ name: 'workbench' });
});

after(() => workbench.close());

test('the workbench opens with our container in the activity bar', async () => {
  await workbench.openContainer('MCP Host');
  assert.ok(statSync(await workbench.screenshot('workbench-start')).size > 0);
  await workbench.screenshotBothThemes('workbench');
});
