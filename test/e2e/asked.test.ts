/** What servers ask of a person and leave to them: several requests at once, tasks, and skills. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { makeScratch, removeScratch } from '../../scripts/lib/servedWorkbench.mjs';
import { TaskServer } from '../support/taskServer';
import { until } from './support/polling';
import { callTool } from './support/tools';
import { Workbench } from './support/workbench';

const EVERYTHING = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const scratch = makeScratch();
/** Everything that the server of skills was asked. */
const requests = path.join(scratch, 'requests');

let bakery: TaskServer;
let workbench: Workbench;

before(async () => {
  bakery = await TaskServer.start();
  const fixture = (name: string, env: Readonly<Record<string, string>>): object => ({
    command: 'node',
    args: [path.resolve('test/support', name)],
    env,
  });
  const servers = {
    tides: fixture('skillsServer.mjs', { REQUESTS: requests }),
    bakery: { url: bakery.url },
    input: fixture('inputServer.mjs', { PAGE: 'https://example.com/consent?for=notes' }),
    everything: { command: 'node', args: [EVERYTHING, 'stdio'], roots: 'none' },
  };
  workbench = await Workbench.open({ name: 'asked', userSettings: { 'mcpHost.servers': servers } });
  await workbench.openContainer('MCP Host');
  await allRunning();
});

after(async () => {
  await workbench.close();
  await bakery.http.stop();
  removeScratch(scratch);
});

async function allRunning(): Promise<void> {
  await workbench
    .view('Servers')
    .waitForText(
      /tides {2}running[^]*bakery {2}running[^]*input {2}running[^]*everything {2}running[^]*Tools {2}\d+/,
    );
}

async function textWith(part: string | RegExp): Promise<string> {
  return until(`${String(part)} in the editor`, async () => {
    const text = await workbench.editorText().catch(() => '');
    return (typeof part === 'string' ? text.includes(part) : part.test(text)) ? text : undefined;
  });
}

test('several requests are denied together, and each call ends', async () => {
  const { quickInput, notifications } = workbench;
  const approvals = workbench.view('Approvals');
  await callTool(workbench, 'Trigger Elicitation Request Tool');
  await approvals.waitForText('everything asks you for input');
  await callTool(workbench, 'page');
  await approvals.waitForText(/everything asks you for input[^]*input asks you to open a page/);
  await approvals.pressTitleAction('Deny Several Requests');
  await quickInput.shown('Deny Several Requests');
  assert.equal((await quickInput.rows()).length, 2);
  await workbench.screenshotAllThemes('deny-several');
  await quickInput.accept();
  await approvals.waitForText('Nothing is waiting for your decision.');
  await until('both results', async () => {
    const titles = await workbench.editorTitles();
    return ['trigger-elicitation-request', 'page'].every((name) =>
      titles.some((title) => title.startsWith(name)),
    );
  });
  await notifications.clear();
});

test('a task is in the tree with its progress, is found again after a reload, and its result opens', async () => {
  const view = workbench.view('Servers');
  await callTool(workbench, 'bake');
  await view.waitForText(/Tasks {2}1, 1 running\n +- bake {2}working: kneading the dough/);
  bakery.say('in the oven');
  await view.waitForText(/bake {2}working: in the oven/);
  await workbench.notifications.waitFor(/Running "Bake bread" \(bakery\)[^]*in the oven/);
  await workbench.screenshotAllThemes('task-running');
  await workbench.reload();
  await workbench.openContainer('MCP Host');
  await allRunning();
  await view.waitForText(/bake {2}left running by an earlier window/);
  await workbench.screenshotAllThemes('task-left');
  // Another theme draws every row anew.
  await allRunning();
  await view.pressRowAction('bake', 'Wait for Task');
  await view.waitForText(/bake {2}working: in the oven/);
  bakery.complete();
  await textWith('loaf-1 is ready');
  await view.waitForText(/bake {2}completed/);
  await workbench.screenshotAllThemes('task-done');
});

test('a task that is cancelled ends at its server', async () => {
  const view = workbench.view('Servers');
  await view.pressRowAction('bake', 'Dismiss Task');
  await callTool(workbench, 'bake');
  await view.waitForText(/bake {2}working: kneading the dough/);
  // Its row is drawn anew each second: a press at that very moment is one of nothing.
  await until('the task to be cancelled', async (attempt) => {
    await view.pressRowAction('bake', 'Cancel Task').catch(() => undefined);
    return await view.waitForText(/bake {2}cancelled/, attempt * 3_000).catch(() => undefined);
  });
  await bakery.http.until(() => bakery.tasks.get('loaf-2')?.status === 'cancelled', 'the cancelled task');
  await workbench.screenshotAllThemes('task-cancelled');
});

test('a skill is in the tree, and none of its files is asked for before it is opened', async () => {
  const view = workbench.view('Servers');
  const asked = (): string => (existsSync(requests) ? readFileSync(requests, 'utf8') : '');
  const reads = (): readonly string[] => asked().match(/skill:\/\/[^"]*(?=")/g) ?? [];
  const listed = (): number => asked().split('"skills/list"').length;
  for (const server of ['everything', 'input', 'bakery']) await view.closeRow(server);
  const before = listed();
  await view.openRow('Skills');
  // Whoever looks gets what there is now (CACHE4).
  await until('the list to be read again', () => Promise.resolve(listed() === before + 1));
  await view.waitForText(/tide-tables {2}Reads tide tables and says when it is safe to walk\./);
  await view.openRow('tide-tables');
  await view.waitForText('references/North Sea.md');
  await workbench.screenshotAllThemes('skill-rows');
  assert.deepEqual(
    reads().filter((uri) => uri.includes('tide-tables')),
    [],
  );
  await view.row('tide-tables').click();
  await textWith('# Tide tables');
  await workbench.screenshotAllThemes('skill');
  assert.equal(reads().filter((uri) => uri.includes('tide-tables')).length, 1);
});
