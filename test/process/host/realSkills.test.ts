/** Skills of a server that the SDK made, read through the client as shipped. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

import { RealHost } from './realHost';

const ENTRY = { command: 'node', args: [path.resolve('test', 'support', 'skillsServer.mjs')] };
const ID = 'user/skills';

test('skills of the SDK are listed, and every file of theirs is verified and read', async () => {
  await RealHost.with({ skills: ENTRY }, async (real) => {
    await real.until(() => (real.host.server(ID)?.catalog?.items('skills').length ?? 0) > 0);
    const [skill] = real.host.server(ID)?.catalog?.items('skills') ?? [];
    assert.ok(skill);
    assert.deepEqual(
      [skill.name, skill.description],
      ['tide-tables', 'Reads tide tables and says when it is safe to walk.'],
    );
    assert.ok(skill.files !== 'dynamic');
    assert.deepEqual(
      new Set(skill.files.map((file) => file.path)),
      new Set(['SKILL.md', 'references/North Sea.md', 'assets/dot.bin']),
    );
    for (const file of skill.files) {
      const { contents } = await real.host.readSkillFile(ID, skill.uri, file.path, {});
      assert.equal(contents.length, 1, file.path);
    }
    const { contents } = await real.host.readSkillFile(ID, skill.uri, undefined, {});
    assert.match(JSON.stringify(contents), /# Tide tables/);
  });
});
