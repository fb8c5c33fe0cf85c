import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { editorAccounts } from '../../../src/platform/accounts';
import { screen } from '../../support/vscode';

beforeEach(() => screen.clear());

test('the consent names the server, the account, its provider and the whole origin, and only its button is a yes', async () => {
  for (const button of ['Allow', undefined]) {
    const origin = `http://${'a'.repeat(200)}.example:8080`;
    const answer = editorAccounts.confirm('notes', origin, 'github', 'octocat');
    const { text, detail = '', buttons, press } = screen.messages.at(-1) ?? assert.fail('nobody is asked');
    assert.equal(text, 'Let server "notes" act as your account "octocat"?');
    assert.ok(detail.includes(`(github) is sent to ${origin}, and only there`), detail);
    assert.deepEqual(buttons, ['Allow']);
    press(button);
    assert.equal(await answer, button === 'Allow');
  }
});

test('the editor asks for a session only where somebody may be asked, and one that it has not is none', async () => {
  screen.session = { accessToken: 'gho_1', account: { label: 'octocat' } };
  assert.deepEqual(await editorAccounts.session('github', ['repo'], false), {
    token: 'gho_1',
    account: 'octocat',
  });
  screen.session = undefined;
  assert.equal(await editorAccounts.session('github', ['repo'], true), undefined);
  screen.session = new Error('CANARY no such provider');
  assert.equal(await editorAccounts.session('github', [], false), undefined);
  assert.deepEqual(screen.sessionsAsked, [
    ['github', ['repo'], { silent: true }],
    ['github', ['repo'], { createIfNone: true }],
    ['github', [], { silent: true }],
  ]);
});
