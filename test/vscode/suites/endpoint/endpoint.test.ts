/** Without any model of the editor, the model endpoint of the person's settings answers. */

import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { json, type HttpExchange, type ScriptedHttp } from '../../../support/scriptedHttp';
import { lastBody, say, startEndpoint } from '../../../support/modelEndpoint';
import {
  accept,
  callTool,
  knownDocuments,
  SERVERS,
  setServers,
  until,
  untilDocument,
  untilServer,
} from '../../support/product';
import { test, type TestContext } from '../../support/runner';
import { answerReview, ID, review, setFor } from '../../support/sampler';

const slow = { timeoutMs: 30_000 };

/** Sets an endpoint up that answers so, and starts the server that asks. */
async function started(
  { after, signal }: TestContext,
  answer: (exchange: HttpExchange) => void,
): Promise<ScriptedHttp> {
  const http = await startEndpoint(answer);
  after(() => http.stop());
  await setFor(after, { 'mcpHost.sampling.endpoint': `${http.origin}/v1` });
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  after(() => setServers(undefined));
  await setServers({ sampler: SERVERS.sampler });
  await untilServer('sampler', /State: running[^]*tools: 2 \(ready\)/, signal);
  return http;
}

test(
  'a model of the endpoint answers the server, as the review says, and is asked for exactly what it shows',
  async (context) => {
    const { signal } = context;
    assert.deepEqual(await vscode.lm.selectChatModels(), [], 'the editor has no model');
    const http = await started(context, (exchange) => say(exchange, ['cloudy ', 'today']));
    const known = knownDocuments();
    const document = await review(signal);
    const text = document.getText();
    const { host } = new URL(http.origin);
    assert.ok(text.includes(`small-1 (${host})`), text);
    assert.match(text.replaceAll(/\s+/g, ' '), /the model endpoint of your settings/);
    assert.match(text, /^System prompt$/m);
    assert.equal(http.got('POST').length, 0, 'nothing was sent before');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    assert.match(await answerReview(signal), /│ cloudy today/);
    await vscode.commands.executeCommand('mcpHost.returnAnswer');
    await untilDocument(/the model said: cloudy today/, signal, known);
    assert.deepEqual(lastBody(http), {
      model: 'small-1',
      messages: [
        { role: 'system', content: 'Answer in one word.' },
        { role: 'user', content: 'What is the weather?' },
      ],
      max_tokens: 50,
      stream: true,
    });
  },
  slow,
);

test(
  'an endpoint that fails costs the server its answer, and tells it nothing of why',
  async (context) => {
    const { signal } = context;
    await started(context, (exchange) =>
      json(exchange, 500, { error: { message: 'CANARY of the account' } }),
    );
    const known = knownDocuments();
    const document = await review(signal);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    const result = await untilDocument(/refused with -32603/, signal, known);
    assert.doesNotMatch(result.getText(), /CANARY/);
  },
  slow,
);

test(
  'the model of a server is picked among those of the endpoint, and a key is asked for by command',
  async (context) => {
    const { signal, after } = context;
    const http = await started(context, (exchange) => say(exchange, ['ok']));
    const models = (): Record<string, string> =>
      vscode.workspace.getConfiguration('mcpHost').get('sampling.models', {});
    after(() => setFor(() => undefined, { 'mcpHost.sampling.models': undefined }));
    // Behind "Automatic", which is the first: a list that was not drawn yet when the next one was wanted has that chosen.
    await until(async () => {
      await pickSecond(signal);
      return models()[ID];
    }, signal);
    assert.ok(models()[ID]?.startsWith(`endpoint:${http.origin}/v1#`), JSON.stringify(models()));
    callTool(ID, 'hello');
    await until(async () => {
      await accept();
      return vscode.workspace.textDocuments.find(({ uri }) => uri.path.startsWith('/result/'));
    }, signal);
    let closed = false;
    void vscode.commands.executeCommand('mcpHost.setEndpointKey').then(() => (closed = true));
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return closed ? true : undefined;
    }, signal);
    assert.ok(http.exchanges.every(({ headers }) => headers.authorization === undefined));
  },
  slow,
);

/** Runs the command, and accepts what stands behind the first entry of its list, if that is drawn by then. */
async function pickSecond(signal: AbortSignal): Promise<void> {
  let over = false;
  void vscode.commands.executeCommand('mcpHost.selectSamplingModel').then(() => (over = true));
  await until(async () => {
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await accept();
    return over ? true : undefined;
  }, signal);
}
