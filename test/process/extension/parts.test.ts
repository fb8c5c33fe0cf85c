/** The built extension is loaded in parts: the core at activation, everything else when it is first needed, and every module once. */

import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ExtensionCopy } from './editorStandIn';

interface Part {
  readonly file: string;
  readonly isFirst: boolean;
  readonly sources: readonly string[];
  readonly entry?: string;
}

const parts = JSON.parse(readFileSync('dist/extension-parts.json', 'utf8')) as readonly Part[];
const DIAGNOSTICS = 'mcpHost.exportDiagnostics';

/** The file that begins with a module. */
function fileOf(entry: string): string {
  const found = parts.find((part) => part.entry === entry);
  assert.ok(found, entry);
  return found.file;
}

async function withExtension(run: (extension: ExtensionCopy) => Promise<void> | void): Promise<void> {
  const extension = new ExtensionCopy();
  try {
    await run(extension);
  } finally {
    await extension.end();
  }
}

test('each module is in one file only, so that its state and its classes exist once', () => {
  const seen = new Map<string, string>();
  for (const { file, sources } of parts)
    for (const source of sources) {
      assert.equal(seen.get(source), undefined, `${source} is in ${file} as well`);
      seen.set(source, file);
    }
  for (const source of ['src/ui/ownObjects.ts', 'src/ui/approvals/decisions.ts', 'src/protocol/failure.ts'])
    assert.ok(seen.has(source), source);
});

test('activation loads its own files and nothing of what comes after a click', async () => {
  await withExtension((extension) => {
    extension.activate();
    const expected = parts.filter(({ isFirst }) => isFirst).map(({ file }) => file);
    assert.deepEqual(extension.loaded(), expected.sort());
    assert.ok(expected.length <= 2, 'the core is one file');
    const core = parts.filter(({ isFirst }) => isFirst).flatMap(({ sources }) => sources);
    for (const late of [
      'src/ui/calls/toolFlow.ts',
      'src/ui/calls/argumentsEditor.ts',
      'src/ui/approvals/inputPanel.ts',
      'src/ui/approvals/samplingPanel.ts',
      'src/ui/approvals/lostDrafts.ts',
      'src/presentation/samplingReview.ts',
      'src/presentation/launchReviewPage.ts',
      'src/ui/prompts/promptFlow.ts',
      'src/ui/resources/openResources.ts',
      'src/ui/servers/addServer.ts',
      'src/ui/servers/openDemo.ts',
      'src/presentation/diagnostics.ts',
      'src/platform/endpoint/conversation.ts',
      'src/transport/http/httpClient.ts',
    ])
      assert.ok(!core.includes(late), `${late} is loaded at activation`);
  });
});

test('every part can be loaded beside the core', async () => {
  await withExtension((extension) => {
    extension.activate();
    // Those without an entry of ours are libraries that a part loads when it needs them.
    const late = parts.filter(({ isFirst }) => !isFirst);
    assert.ok(late.some(({ entry }) => entry !== undefined));
    for (const { file, entry } of late)
      assert.notEqual(Object.keys(extension.require(file) as object).length, 0, entry);
    assert.deepEqual(extension.loaded(), parts.map(({ file }) => file).sort());
  });
});

test('a command whose part is gone asks for a reload, and works once the part is back', async () => {
  await withExtension(async (extension) => {
    extension.activate();
    const run = extension.commands.get(DIAGNOSTICS);
    assert.ok(run);
    const file = path.join(extension.folder, fileOf('src/ui/exportDiagnostics.ts'));
    renameSync(file, `${file}.away`);
    await run();
    const [message, ...others] = extension.messages;
    assert.deepEqual(others, []);
    assert.match(String(message?.[0]), /could not load a part of itself\. .* reload the window/);
    assert.deepEqual(message?.slice(1), ['Reload Window']);
    renameSync(`${file}.away`, file);
    await run();
    assert.equal(extension.messages.length, 1, 'the second time nothing went wrong');
    assert.ok(extension.loaded().includes(fileOf('src/ui/exportDiagnostics.ts')));
  });
});
