/** A resource of several contents: each has a document of its own, and one that cannot be read costs the others nothing. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import type { ResourceContents } from '../../../src/protocol/content';
import { readReadResourceResult } from '../../../src/protocol/readContent';
import { OpenResources } from '../../../src/ui/resources/openResources';
import { screen, Uri } from '../../support/vscode';

beforeEach(() => screen.clear());

const RAW = [
  { uri: 'a:guide', text: 'first' },
  { uri: 'a:guide', text: 'second' },
  { uri: 'a:guide', nothing: 'of it' },
];

function contentsOf(raw: typeof RAW): readonly ResourceContents[] {
  const read = readReadResourceResult({ contents: raw }, (text) => ({ kind: 'inline', text }));
  assert.ok(read.ok);
  return read.value.contents;
}

test('contents under one address are documents of their own, and a malformed one is told and shown as JSON', async () => {
  const texts = new Map<string, string>();
  const quiet = (): { dispose(): void } => ({ dispose: () => undefined });
  const host = {
    onDidChange: quiet,
    server: () => ({ definition: { name: 'demo' } }),
    watch: { open: quiet },
    readResource: () => Promise.resolve({ contents: contentsOf(RAW) }),
  };
  const files = {
    onDidCloseTab: quiet,
    put: (path: string, bytes: Uint8Array) => texts.set(path, new TextDecoder().decode(bytes)),
    has: ({ path }: { readonly path: string }) => texts.has(path),
  };
  const resources = new OpenResources({ host } as never, files as never);
  const ref = { serverId: 's', uri: 'a:guide' };
  const opened = resources.open(ref);
  while (screen.inputs.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  const [pick] = screen.inputs;
  const rows = (pick?.items ?? []) as readonly { label: string; description?: string }[];
  assert.deepEqual(
    rows.slice(2).map(({ label, description }) => [label, description]),
    [
      ['a:guide', ''],
      ['a:guide', ''],
      ['a:guide', 'cannot be read: a resource content has neither text nor a valid blob · application/json'],
    ],
  );
  pick?.accept('Open All 3');
  await opened;
  assert.equal(new Set(screen.documents.map(({ path }) => path)).size, 3);
  assert.deepEqual(
    [...texts.values()],
    ['first', 'second', '{\n  "uri": "a:guide",\n  "nothing": "of it"\n}'],
  );

  const [, second] = screen.documents;
  await resources.metadata.show(second);
  assert.match(screen.messages.at(-1)?.text ?? '', /sent nothing beside the content/);
  texts.clear();
  await resources.restore(ref, (second ?? Uri.from({ scheme: '', path: '' })) as never);
  assert.deepEqual([...texts], [[second?.path, 'second']], 'after a reload each is found again');
  resources.dispose();
});
