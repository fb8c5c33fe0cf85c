/** A list that is read again crosses the link only when it is another one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { Listing } from '../../../src/protocol/model';
import { ClientHarness, legacyAnswers } from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';

const TOOL: JsonObject = { name: 'a', title: 'A', description: 'does a', inputSchema: { type: 'object' } };

/** A client whose server lists what a test says. */
class Relisting {
  private constructor(
    private readonly harness: ClientHarness,
    private readonly world: { page: JsonValue; second: JsonValue | undefined },
  ) {}

  static async begin(tools: JsonValue): Promise<Relisting> {
    const world = { page: tools, second: undefined as JsonValue | undefined };
    const answer = ({ cursor }: JsonObject): JsonObject => {
      if (cursor !== undefined && world.second === null) throw new ScriptedError(-32603, 'broken');
      return cursor === undefined
        ? { tools: world.page, ...(world.second === undefined ? {} : { nextCursor: 'next' }) }
        : { tools: world.second ?? [] };
    };
    return new Relisting(await ClientHarness.connected(legacyAnswers({ 'tools/list': answer })), world);
  }

  /** What a host gets that has read the list without a digest, as it comes the first time. */
  async first(): Promise<Listing> {
    const listing = await this.harness.host.request('list', { kind: 'tools' });
    assert.equal(listing.digest, undefined);
    const again = await this.harness.host.request('relist', { kind: 'tools', known: undefined });
    assert.ok(again?.digest);
    assert.deepEqual(again, { ...listing, digest: again.digest });
    return again;
  }

  /** What crosses the link once the server lists these. @param second its other page; null when that is broken */
  again(known: string | undefined, tools: JsonValue, second?: JsonValue): Promise<Listing | undefined> {
    Object.assign(this.world, { page: tools, second });
    return this.harness.host.request('relist', { kind: 'tools', known });
  }

  end(): Promise<void> {
    return this.harness.end();
  }
}

test('a list that is what the host has is asked of the server, and does not cross the link', async () => {
  const client = await Relisting.begin([TOOL, { name: 1 }]);
  const { digest, items, rejected } = await client.first();
  assert.deepEqual([items.length, rejected.length], [1, 1]);
  assert.equal(await client.again(digest, [TOOL, { name: 1 }]), undefined);
  assert.equal(await client.again(digest, [TOOL, { name: 1 }]), undefined, 'as often as it is');
  const other = await client.again(digest, [TOOL, { name: 1 }, { ...TOOL, name: 'b' }]);
  assert.equal(other?.items.length, 2);
  assert.deepEqual(
    (await client.again(other.digest, [TOOL, { name: 1 }]))?.digest,
    digest,
    'back to what it was is another one for whoever has the other',
  );
  await client.end();
});

test('whatever differs in a list makes it another one', async () => {
  const client = await Relisting.begin([TOOL, { ...TOOL, name: 'b' }]);
  const { digest } = await client.first();
  const b = { ...TOOL, name: 'b' };
  const others: Readonly<Record<string, JsonValue>> = {
    'one less': [TOOL],
    'none at all': [],
    'another order': [b, TOOL],
    'another name': [TOOL, { ...b, name: 'c' }],
    'another letter': [TOOL, { ...b, description: 'does b' }],
    'no title': [TOOL, { name: 'b', description: 'does a', inputSchema: { type: 'object' } }],
    'a text in another place': [{ ...TOOL, title: 'does a', description: 'A' }, b],
    'a hint': [{ ...TOOL, annotations: { readOnlyHint: true } }, b],
    'the other hint': [{ ...TOOL, annotations: { readOnlyHint: false } }, b],
    'an entry that cannot be used': [TOOL, b, { name: 'd' }],
    'another entry that cannot be used': [TOOL, b, { name: 'e' }],
  };
  const seen = new Set([digest]);
  for (const [what, tools] of Object.entries(others)) {
    const listing = await client.again(digest, tools);
    assert.ok(listing?.digest !== undefined && !seen.has(listing.digest), what);
    seen.add(listing.digest);
  }
  assert.equal(await client.again(digest, [TOOL], [b]), undefined, 'pages do not count');
  const cut = await client.again(digest, [TOOL, b], null);
  assert.ok(cut?.cut?.failure && !seen.has(cut.digest), 'that it is not whole');
  assert.equal(await client.again(cut.digest, [TOOL, b], null), undefined, 'nor is it the second time');
  await client.end();
});
