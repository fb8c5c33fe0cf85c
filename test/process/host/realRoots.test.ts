/** A server that nobody here wrote, and the folders that a person lets it know. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import type { WorkspaceFolder } from '../../../src/host/ports';
import { RealHost, SERVERS, textOf } from './realHost';

const ID = 'user/files';

async function folder(name: string): Promise<WorkspaceFolder> {
  const place = await realpath(mkdtempSync(path.join(tmpdir(), `mcp-host-${name}-`)));
  return { uri: pathToFileURL(place).href, name, path: place };
}

test('server-filesystem works in the folders that the person chose, and in others once they choose others', async () => {
  const [given, first, second] = [await folder('given'), await folder('first'), await folder('second')];
  // With several folders there is none that a server would be started in by itself.
  const entry = { ...SERVERS.filesystem(given.path), cwd: given.path, roots: 'ask', start: 'never' };
  await RealHost.with({ files: entry }, async (real) => {
    const { host, world } = real;
    const taken = (): number =>
      world.logLines.filter((line) => line.includes('Updated allowed directories from MCP roots')).length;
    const allowed = async (): Promise<readonly string[]> =>
      textOf(await real.call('files', 'list_allowed_directories'))
        .split('\n')
        .slice(1);
    world.folders = [first, second];
    await host.start(ID);
    assert.equal(real.state('files').kind, 'running');
    await real.until(() => host.consent.entries().length === 1);
    const [question] = host.consent.entries();
    assert.ok(question?.subject.kind === 'roots');
    assert.deepEqual(question.subject.folders, [first, second]);
    assert.deepEqual(await allowed(), [given.path], 'until then it has what its entry gives it');
    assert.ok(host.consent.decide(question.id, { kind: 'share', uris: [first.uri] }));
    await real.until(() => taken() === 1);
    assert.deepEqual(await allowed(), [first.path]);

    await (await host.folderChoice(ID))?.choose([first.uri, second.uri]);
    await real.until(() => taken() === 2);
    assert.deepEqual(await allowed(), [first.path, second.path]);
    assert.deepEqual(host.consent.entries(), [], 'nobody was asked again');
  });
});
