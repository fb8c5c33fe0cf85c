import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from '../support/runner';

test('the installed extension is present and activates', async () => {
  const extension = vscode.extensions.getExtension('mcp-host.mcp-host');
  assert.ok(extension, 'mcp-host.mcp-host is not installed');
  await extension.activate();
  assert.equal(extension.isActive, true);
});
