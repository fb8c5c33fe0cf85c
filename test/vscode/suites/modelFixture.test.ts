import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from '../support/runner';

async function fixtureModel(): Promise<vscode.LanguageModelChat> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const [model] = await vscode.lm.selectChatModels({ vendor: 'mcp-host-fixture' });
      if (model === undefined) return;
      subscription.dispose();
      resolve(model);
    };
    const subscription = vscode.lm.onDidChangeChatModels(() => void look().catch(reject));
    void look().catch(reject);
  });
}

test('the fixture model answers with the question, in parts', async () => {
  const model = await fixtureModel();
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('how are you')]);
  const parts: string[] = [];
  for await (const part of response.text) parts.push(part);
  assert.equal(parts.join(''), 'fixture answer to: how are you');
  assert.ok(parts.length > 1);
});

test('cancelling a request reaches the model, except in VS Code 1.105', async ({ after }) => {
  const model = await fixtureModel();
  await vscode.commands.executeCommand('mcpHostFixture.model.takeRequests');
  await vscode.commands.executeCommand('mcpHostFixture.model.behave', { delayMs: 500 });
  after(() => vscode.commands.executeCommand('mcpHostFixture.model.behave'));
  const cancellation = new vscode.CancellationTokenSource();
  await model.sendRequest([vscode.LanguageModelChatMessage.User('hello')], {}, cancellation.token);
  cancellation.cancel();
  const requests = await vscode.commands.executeCommand<{ outcome: string }[]>(
    'mcpHostFixture.model.takeRequests',
  );
  assert.deepEqual(
    requests.map(({ outcome }) => outcome),
    [vscode.version.startsWith('1.105.') ? 'answered' : 'cancelled'],
  );
});
