/** The small reference servers: filesystem with its roots, memory with its resource, sequential thinking. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import type { Root } from '../../../src/client/contract';
import { ForeignClient, script, structuredOf, textOf } from './foreignClient';

const MODULES = path.resolve('node_modules/@modelcontextprotocol');
const FILESYSTEM = path.join(MODULES, 'server-filesystem/dist/index.js');
const MEMORY = path.join(MODULES, 'server-memory/dist/index.js');
const THINKING = path.join(MODULES, 'server-sequential-thinking/dist/index.js');

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function folder(name: string): Promise<string> {
  return realpath(mkdtempSync(path.join(tmpdir(), `mcp-host-${name}-`)));
}

const rootOf = (place: string): Root => ({ uri: pathToFileURL(place).href, name: path.basename(place) });

test('server-filesystem: each of its 14 tools does what it says', async () => {
  const place = await folder('files');
  const at = (name: string): string => path.join(place, name);
  writeFileSync(at('note.txt'), 'one\ntwo\nthree\n');
  writeFileSync(at('dot.png'), PNG);
  await ForeignClient.with(
    script(FILESYSTEM, [place]),
    async (client) => {
      assert.equal((await client.list('tools')).length, 14);
      assert.equal(await client.say('read_text_file', { path: at('note.txt'), head: 2 }), 'one\ntwo');
      assert.match(await client.say('read_file', { path: at('note.txt') }), /three/);
      const media = (await client.call('read_media_file', { path: at('dot.png') })).content[0];
      assert.ok(media?.type === 'image' && Buffer.from(media.data).equals(PNG));
      const several = await client.say('read_multiple_files', { paths: [at('note.txt'), at('none.txt')] });
      assert.match(several, /one[^]*none\.txt: Error/);
      await client.call('write_file', { path: at('new.txt'), content: 'grüezi\r\n' });
      assert.equal(readFileSync(at('new.txt'), 'utf8'), 'grüezi\r\n');
      const edits = [{ oldText: 'two', newText: 'TWO' }];
      assert.match(await client.say('edit_file', { path: at('note.txt'), edits }), /\+TWO/);
      await client.call('create_directory', { path: at('deep/er') });
      await client.call('move_file', { source: at('new.txt'), destination: at('deep/er/moved.txt') });
      assert.match(await client.say('list_directory', { path: place }), /\[DIR\] deep[^]*\[FILE\] note\.txt/);
      assert.match(await client.say('list_directory_with_sizes', { path: place }), /Total: 2 files/);
      assert.match(await client.say('directory_tree', { path: place }), /"moved\.txt"/);
      assert.match(await client.say('search_files', { path: place, pattern: '**/*.txt' }), /moved\.txt/);
      assert.match(await client.say('get_file_info', { path: at('note.txt') }), /size: 14/);
      assert.match(await client.say('list_allowed_directories'), new RegExp(path.basename(place)));
    },
    { offers: { sampling: false, roots: false } },
  );
});

test('server-filesystem: what it refuses is an error of the tool, and its result has the structure it promised', async () => {
  const place = await folder('files');
  await ForeignClient.with(
    script(FILESYSTEM, [place]),
    async (client) => {
      const outside = await client.call('read_text_file', { path: '/etc/hostname' });
      assert.ok(outside.isError);
      assert.match(textOf(outside), /Access denied/);
      const { outputSchema } = await client.request('describeTool', { name: 'list_directory' });
      assert.deepEqual(outputSchema?.['required'], ['content']);
      assert.deepEqual(structuredOf(await client.call('list_directory', { path: place })), { content: '' });
    },
    { roots: [rootOf(place)] },
  );
});

test('server-filesystem: the roots replace its folders, when it starts and when they change', async () => {
  const [given, first, second] = [await folder('given'), await folder('first'), await folder('second')];
  const taken = /Updated allowed directories from MCP roots/;
  await ForeignClient.with(
    script(FILESYSTEM, [given]),
    async (client) => {
      const times = (): number =>
        client.heard('stderr').flatMap(({ lines }) => lines.filter((line) => taken.test(line))).length;
      await client.until(() => times() === 1, 'it took the roots');
      assert.equal(await client.say('list_allowed_directories'), `Allowed directories:\n${first}`);
      client.roots = [rootOf(first), rootOf(second)];
      await client.request('notifyRootsChanged', undefined);
      await client.until(() => times() === 2, 'it took the new roots');
      assert.equal(await client.say('list_allowed_directories'), `Allowed directories:\n${first}\n${second}`);
      assert.equal(client.rootsAsked, 2);
    },
    { roots: [rootOf(first)] },
  );
});

test('server-memory: what tools write is in its resource, and whoever watches that is told', async () => {
  const file = path.join(await folder('memory'), 'memory.jsonl');
  await ForeignClient.with(script(MEMORY, [], { MEMORY_FILE_PATH: file }), async (client) => {
    assert.equal((await client.list('tools')).length, 9);
    const [resource] = await client.list('resources');
    assert.equal(resource?.mimeType, 'application/json');
    await client.request('subscribe', { uri: resource.uri });
    const entities = [{ name: 'Bern', entityType: 'city', observations: ['has bears'] }];
    const made = await client.call('create_entities', { entities });
    assert.deepEqual(structuredOf(made), { entities });
    assert.deepEqual(await client.event('resourceUpdated'), { uri: resource.uri });
    await client.call('add_observations', {
      observations: [{ entityName: 'Bern', contents: ['has a river'] }],
    });
    const [content] = (await client.read(resource.uri)).contents;
    assert.ok(content?.body.kind === 'text' && content.body.text.kind === 'inline');
    assert.match(content.body.text.text, /has bears[^]*has a river/);
    assert.match(await client.say('search_nodes', { query: 'river' }), /Bern/);
    const missing = await client.call('add_observations', {
      observations: [{ entityName: 'Nowhere', contents: ['x'] }],
    });
    assert.ok(missing.isError);
    await client.call('delete_entities', { entityNames: ['Bern'] });
    assert.deepEqual(structuredOf(await client.call('read_graph')), { entities: [], relations: [] });
  });
});

test('server-sequential-thinking: its one tool, called again and again', () =>
  ForeignClient.with(script(THINKING), async (client) => {
    assert.deepEqual(await client.names('tools'), ['sequentialthinking']);
    for (const thoughtNumber of [1, 2, 3]) {
      const result = await client.call('sequentialthinking', {
        thought: 'hm',
        nextThoughtNeeded: thoughtNumber < 3,
        thoughtNumber,
        totalThoughts: 3,
      });
      assert.partialDeepStrictEqual(structuredOf(result), {
        thoughtNumber,
        thoughtHistoryLength: thoughtNumber,
      });
    }
  }));
