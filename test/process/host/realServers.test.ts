import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import type { ListKind } from '../../../src/protocol/model';
import { RealHost, SERVERS, textOf } from './realHost';
import { failsSaying } from '../../support/failures';

/** The names of one list, once it holds `expected`; servers may add to it after they started. */
async function names(real: RealHost, server: string, kind: ListKind, expected: string): Promise<string[]> {
  const list = (): string[] =>
    (real.host.server(`user/${server}`)?.catalog?.items(kind) ?? []).map((item) =>
      'uri' in item ? item.uri : item.name,
    );
  await real.until(() => list().includes(expected));
  return list();
}

/** Decides the one question that comes up. */
async function decide(real: RealHost, decision: { kind: 'allow-once' } | { kind: 'deny' }): Promise<void> {
  await real.until(() => real.host.consent.entries().length === 1);
  const [entry] = real.host.consent.entries();
  assert.ok(entry?.subject.kind === 'sampling');
  assert.ok(real.host.consent.decide(entry.id, decision));
}

for (const strict of [false, true]) {
  const isolation = strict ? 'process' : 'thread';

  test(`server-everything in a ${isolation}: listed, called, read, prompted, completed`, async () => {
    await RealHost.with({ everything: { ...SERVERS.everything, strict } }, async (real) => {
      const id = 'user/everything';
      const state = real.state('everything');
      assert.ok(state.kind === 'running');
      assert.deepEqual(state.server.negotiated, { era: 'legacy', revision: '2025-11-25' });
      assert.ok((await names(real, 'everything', 'tools', 'trigger-sampling-request')).includes('echo'));
      const document = 'demo://resource/static/document/features.md';
      await names(real, 'everything', 'resources', document);
      await names(real, 'everything', 'prompts', 'args-prompt');
      await names(real, 'everything', 'resourceTemplates', 'Dynamic Text Resource');
      assert.equal(textOf(await real.call('everything', 'echo', { message: 'hi' })), 'Echo: hi');
      assert.match(textOf(await real.call('everything', 'get-sum', { a: 2, b: 40 })), /42/);
      const image = await real.call('everything', 'get-tiny-image');
      const block = image.content.find(({ type }) => type === 'image');
      assert.ok(block?.type === 'image');
      assert.deepEqual([...block.data.subarray(1, 4)], [...Buffer.from('PNG')]);
      const wrong = await real.call('everything', 'echo', { message: 7 });
      assert.equal(wrong.isError, true, "the tool's own error is a result");
      const read = await real.host.readResource(id, document, {});
      assert.equal(read.contents[0]?.body.kind, 'text');
      const blob = await real.host.readResource(id, 'demo://resource/dynamic/blob/1', {});
      assert.equal(blob.contents[0]?.body.kind, 'blob');
      await failsSaying(real.host.readResource(id, 'demo://nowhere', {}), /error -32602/);
      const prompt = await real.host.getPrompt(id, 'args-prompt', { city: 'Bern' }, {});
      assert.match(JSON.stringify(prompt.messages), /Bern/);
      const { values } = await real.host.complete(
        id,
        {
          ref: { kind: 'prompt', name: 'completable-prompt' },
          argument: { name: 'name', value: '' },
          resolved: { department: 'Engineering' },
        },
        new AbortController().signal,
      );
      assert.ok(values.length > 0);
    });
  });

  test(`server-everything in a ${isolation}: sampling allowed and denied, progress, cancellation`, async () => {
    await RealHost.with({ everything: { ...SERVERS.everything, strict } }, async (real) => {
      const allowed = real.call('everything', 'trigger-sampling-request', {
        prompt: 'Say hello',
        maxTokens: 50,
      });
      await decide(real, { kind: 'allow-once' });
      assert.match(textOf(await allowed), /an answer/);
      const denied = real.call('everything', 'trigger-sampling-request', {
        prompt: 'Say hello',
        maxTokens: 50,
      });
      await decide(real, { kind: 'deny' });
      assert.match(textOf(await denied), /rejected/i);

      const progress: number[] = [];
      const abort = new AbortController();
      const long = real.host.callTool(
        'user/everything',
        'trigger-long-running-operation',
        { duration: 60, steps: 120 },
        {
          signal: abort.signal,
          onProgress: ({ progress: value }) => {
            progress.push(value);
            if (progress.length === 2) abort.abort();
          },
        },
      );
      await failsSaying(long, /Cancelled/);
      assert.equal(progress.length, 2);
    });
  });
}

test('server-everything tells of a watched resource, and only while it is watched', async () => {
  await RealHost.with({ everything: SERVERS.everything }, async (real) => {
    const uri = 'demo://resource/static/document/features.md';
    await names(real, 'everything', 'resources', uri);
    const watch = real.host.watch.open('user/everything', uri);
    const updated = new Promise<string>((resolve) => {
      real.host.onDidChange((change) => {
        if (change.kind === 'resource') resolve(`${change.serverId} ${change.uri}`);
      });
    });
    await real.call('everything', 'toggle-subscriber-updates');
    assert.equal(await updated, `user/everything ${uri}`);
    watch.dispose();
  });
});

test("a server sees of this process's environment the safelist and its token only", async () => {
  process.env['CANARY_OF_THE_EDITOR'] = 'CANARY';
  const entry = { ...SERVERS.everything, env: { OWN: 'own' } };
  await RealHost.with({ thread: entry, process: { ...entry, strict: true } }, async (real) => {
    for (const name of ['thread', 'process']) {
      const env = JSON.parse(textOf(await real.call(name, 'get-env'))) as Record<string, string>;
      assert.equal(env['OWN'], 'own');
      assert.equal(env['PATH'], process.env['PATH']);
      assert.ok(real.tokens.includes(env['MCP_HOST_LAUNCH'] ?? ''));
      assert.ok(!JSON.stringify(env).includes('CANARY'));
      assert.equal(env['ELECTRON_RUN_AS_NODE'], undefined);
      assert.equal(env['NODE_CHANNEL_FD'], undefined);
    }
  });
  delete process.env['CANARY_OF_THE_EDITOR'];
});

test('server-filesystem is listed and called, and keeps to its folder', async () => {
  const folder = await realpath(mkdtempSync(path.join(tmpdir(), 'mcp-host-fs-')));
  writeFileSync(path.join(folder, 'note.txt'), 'content of the note');
  await RealHost.with({ files: SERVERS.filesystem(folder) }, async (real) => {
    await names(real, 'files', 'tools', 'read_text_file');
    const read = await real.call('files', 'read_text_file', { path: path.join(folder, 'note.txt') });
    assert.equal(textOf(read), 'content of the note');
    const outside = await real.call('files', 'read_text_file', { path: '/etc/hostname' });
    assert.equal(outside.isError, true);
    await real.call('files', 'write_file', { path: path.join(folder, 'new.txt'), content: 'written' });
    assert.match(textOf(await real.call('files', 'list_directory', { path: folder })), /new\.txt/);
  });
});

test('trail-notes speaks the stateless era: listed, called, read, sampled with its cause, subscribed', async () => {
  await RealHost.with({ trails: SERVERS.trailNotes }, async (real) => {
    const state = real.state('trails');
    assert.ok(state.kind === 'running');
    assert.deepEqual(state.server.negotiated, { era: 'modern', revision: '2026-07-28' });
    await names(real, 'trails', 'tools', 'list_trails');
    await names(real, 'trails', 'resources', 'trail://guide');
    await names(real, 'trails', 'prompts', 'packing_list');
    assert.match(textOf(await real.call('trails', 'list_trails')), /./);
    const guide = await real.host.readResource('user/trails', 'trail://guide', {});
    assert.equal(guide.contents[0]?.mimeType, 'text/markdown');

    const described = real.call('trails', 'describe_trail', { trail: 'ridge-path' });
    await real.until(() => real.host.consent.entries().length === 1);
    const [entry] = real.host.consent.entries();
    assert.ok(entry?.subject.kind === 'sampling');
    const { cause } = entry.subject;
    assert.equal(cause.kind === 'call' && cause.callTitle, 'describe_trail');
    await decide(real, { kind: 'allow-once' });
    assert.match(textOf(await described), /an answer/);
    const given = failsSaying(real.call('trails', 'describe_trail', { trail: 'ridge-path' }), /denied/);
    await decide(real, { kind: 'deny' });
    await given;

    const watch = real.host.watch.open('user/trails', 'trail://activity');
    const updated = new Promise<void>((resolve) => {
      real.host.onDidChange((change) => {
        if (change.kind === 'resource' && change.uri === 'trail://activity') resolve();
      });
    });
    // Subscribing takes a round trip of its own; every call is an activity that is told of.
    let told = false;
    void updated.then(() => (told = true));
    for (let round = 0; round < 50 && !told; round++) await real.call('trails', 'list_trails');
    await updated;
    watch.dispose();
  });
});
