import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { Catalog } from '../../../src/host/catalog';
import type { ToolRules } from '../../../src/policy/serverEntry';
import { FailureError, type Failure } from '../../../src/protocol/failure';
import type { ConnectedServer, Listing, ListKind, ServerCapabilities } from '../../../src/protocol/model';
import type { Negotiated } from '../../../src/protocol/revisions';
import { FakeClock } from '../../support/fakeClock';

const EVERYTHING: ServerCapabilities = {
  tools: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  prompts: { listChanged: true },
  completions: false,
  logging: false,
};

class Fixture {
  readonly clock = new FakeClock();
  readonly reads: {
    readonly kind: ListKind;
    readonly signal: AbortSignal;
    readonly fresh: boolean;
    readonly last: Listing | undefined;
    readonly answer: Deferred<Listing | undefined>;
  }[] = [];
  /** What was told of lists: which one, and whether it is what it was. */
  readonly changed: string[] = [];
  readonly catalog: Catalog;

  constructor(
    capabilities: ServerCapabilities = EVERYTHING,
    rules: ToolRules = { deny: [] },
    negotiated: Negotiated = { era: 'legacy', revision: '2025-11-25' },
  ) {
    const server: ConnectedServer = {
      negotiated,
      info: { name: 'x', version: '1' },
      capabilities,
      declared: '{}',
    };
    this.catalog = new Catalog(
      server,
      rules,
      this.clock,
      (kind, signal, options) => {
        const answer = new Deferred<Listing | undefined>();
        this.reads.push({ kind, signal, ...options, answer });
        return answer.promise;
      },
      (kind, isSame) => this.changed.push(isSame ? `same ${kind}` : kind),
    );
  }

  /** Answers the oldest read that waits. */
  async answer(...names: readonly string[]): Promise<void> {
    this.next().resolve(tools(...names));
    await turn();
  }

  async fail(ms = 1): Promise<void> {
    this.next().reject(new FailureError({ code: 'timeout', ms, limit: 'idle' }));
    await turn();
  }

  names(): string[] {
    return this.catalog.items('tools').map(({ name }) => name);
  }

  /** Reads tools again, as after a report of a change. @param answer undefined when they are what is here */
  async again(answer: Listing | undefined): Promise<void> {
    this.clock.advance(500);
    void this.catalog.refresh('tools');
    this.next().resolve(answer);
    await turn();
  }

  private next(): Deferred<Listing | undefined> {
    const waiting = this.reads.find(({ answer }) => !answer.isSettled);
    assert.ok(waiting, 'a list is being read');
    return waiting.answer;
  }
}

function tools(...names: readonly string[]): Listing {
  return { kind: 'tools', items: names.map((name) => ({ name })), rejected: [] };
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

test('only what the server declares is read; templates come with resources', async () => {
  const all = new Fixture();
  void all.catalog.loadAll();
  assert.deepEqual(
    all.reads.map(({ kind }) => kind),
    ['tools', 'resources', 'resourceTemplates', 'prompts'],
  );
  const none = new Fixture({ completions: false, logging: false });
  await none.catalog.loadAll();
  await none.catalog.refresh('tools');
  assert.deepEqual(none.reads, []);
  assert.deepEqual([none.catalog.list('tools'), none.catalog.items('tools')], [{ kind: 'absent' }, []]);
  all.catalog.dispose();
});

test('a list that is being read is not read again for whoever looks at it meanwhile', async () => {
  const modern = { era: 'modern', revision: '2026-07-28' } as const;
  const { catalog, clock, reads } = new Fixture(EVERYTHING, undefined, modern);
  for (const expected of [1, 2]) {
    for (let count = 0; count < 3; count++) catalog.want('tools');
    reads.at(-1)?.answer.resolve(tools('a'));
    await turn();
    for (let count = 0; count < 3; count++) catalog.want('tools');
    clock.advance(500);
    assert.equal(reads.length, expected);
  }
  catalog.dispose();
});

test('a hundred reports of a change while a list is read mean one more read, half a second later', async () => {
  const { catalog, clock, reads } = new Fixture();
  void catalog.refresh('tools');
  for (let count = 0; count < 100; count++) void catalog.refresh('tools');
  assert.equal(reads.length, 1);
  reads[0]?.answer.resolve(tools('a'));
  await turn();
  for (let count = 0; count < 100; count++) void catalog.refresh('tools');
  clock.advance(499);
  assert.equal(reads.length, 1);
  clock.advance(1);
  assert.equal(reads.length, 2);
  void catalog.refresh('prompts');
  assert.equal(reads.length, 3, 'lists do not wait for each other');
  reads[1]?.answer.resolve(tools('b'));
  await turn();
  clock.advance(5_000);
  assert.equal(reads.length, 3, 'nothing is read without a reason');
  catalog.dispose();
});

test('a read that fails keeps the last good list, marked, until one succeeds', async () => {
  const fixture = new Fixture();
  void fixture.catalog.refresh('tools');
  await fixture.answer('a', 'b');
  fixture.clock.advance(500);
  void fixture.catalog.refresh('tools');
  assert.equal(fixture.catalog.list('tools').kind, 'loading');
  assert.deepEqual(fixture.names(), ['a', 'b'], 'usable while it is read again');
  await fixture.fail();
  const state = fixture.catalog.list('tools');
  assert.ok(state.kind === 'failed');
  assert.deepEqual([state.failure.code, fixture.names()], ['timeout', ['a', 'b']]);
  fixture.clock.advance(500);
  void fixture.catalog.refresh('tools');
  await fixture.fail();
  assert.deepEqual(fixture.names(), ['a', 'b'], 'also after a second failure');
  fixture.clock.advance(500);
  void fixture.catalog.refresh('tools');
  await fixture.answer('c');
  assert.deepEqual([fixture.catalog.list('tools').kind, fixture.names()], ['ready', ['c']]);
  fixture.catalog.dispose();
});

test('a read that breaks off behind its first page keeps a whole list, and takes the place of one that was not whole (T102)', async () => {
  const fixture = new Fixture();
  const failure: Failure = { code: 'timeout', ms: 1, limit: 'idle' };
  const broken = (...names: readonly string[]): Listing => ({
    ...tools(...names),
    cut: { reason: 'page 2 could not be read', failure },
  });
  const read = async (listing: Listing): Promise<string> => {
    fixture.clock.advance(500);
    void fixture.catalog.refresh('tools');
    fixture.reads.at(-1)?.answer.resolve(listing);
    await turn();
    return `${fixture.catalog.list('tools').kind}: ${fixture.names().join(' ')}`;
  };
  assert.equal(await read(broken('a')), 'ready: a', 'better than nothing');
  assert.equal(await read(broken('b')), 'ready: b');
  assert.equal(await read(tools('a', 'b', 'c')), 'ready: a b c');
  assert.equal(await read(broken('a')), 'failed: a b c');
  const state = fixture.catalog.list('tools');
  assert.ok(state.kind === 'failed');
  assert.deepEqual(state.failure, failure);
  assert.equal(await read(broken('a')), 'failed: a b c', 'also the second time');
  const tooLong: Listing = { ...tools('d'), cut: { reason: 'more than 5000 entries' } };
  assert.equal(await read(tooLong), 'ready: d', 'what is only too long is as new as it can be');
  fixture.catalog.dispose();
});

test('a first read that fails leaves nothing', async () => {
  const fixture = new Fixture();
  void fixture.catalog.refresh('tools');
  await fixture.fail();
  assert.deepEqual(fixture.names(), []);
  fixture.catalog.dispose();
});

test('tools that the rules leave out are not offered, and counted', async () => {
  const fixture = new Fixture(EVERYTHING, { allow: ['read_*'], deny: ['read_secret'] });
  void fixture.catalog.refresh('tools');
  await fixture.answer('read_a', 'read_secret', 'wipe');
  const state = fixture.catalog.list('tools');
  assert.ok(state.kind === 'ready');
  assert.deepEqual([fixture.names(), state.hidden], [['read_a'], 2]);
  fixture.catalog.dispose();
});

test('after its end nothing is read, told or waited for', async () => {
  const fixture = new Fixture();
  void fixture.catalog.loadAll();
  await fixture.answer('a');
  const told = fixture.changed.length;
  fixture.catalog.dispose();
  assert.ok(fixture.reads.every(({ signal }) => signal.aborted));
  for (const { answer } of fixture.reads) answer.resolve(tools('late'));
  await turn();
  await fixture.catalog.refresh('tools');
  assert.deepEqual([fixture.changed.length, fixture.reads.length, fixture.clock.waiting], [told, 4, 0]);
  assert.deepEqual(fixture.names(), ['a']);
});

test('what the person asks for is asked of the server itself, also when a list is being read already', async () => {
  const fixture = new Fixture();
  const asked = (): boolean[] => fixture.reads.map(({ fresh }) => fresh);
  void fixture.catalog.refresh('tools');
  void fixture.catalog.refresh('tools', { fresh: true });
  void fixture.catalog.refresh('tools');
  await fixture.answer('a');
  fixture.clock.advance(500);
  assert.deepEqual(asked(), [false, true]);
  await fixture.answer('b');
  fixture.clock.advance(500);
  void fixture.catalog.loadAll({ fresh: true });
  assert.deepEqual(asked().slice(2), [true, true, true, true]);
  fixture.catalog.dispose();
});

test('a list that is read again and is what it was is told as the same, and stays what is shown while it is read', async () => {
  const fixture = new Fixture();
  const { catalog, changed } = fixture;
  const first: Listing = { ...tools('a'), digest: 'first' };
  await fixture.again(first);
  assert.deepEqual(changed.splice(0), ['tools', 'tools'], 'that it is being read, and that it was');
  const shown = catalog.list('tools');
  fixture.clock.advance(500);
  void catalog.refresh('tools');
  assert.deepEqual(catalog.list('tools'), { kind: 'loading', before: shown });
  assert.deepEqual([fixture.names(), changed], [['a'], []]);
  fixture.reads.at(-1)?.answer.resolve(undefined);
  await turn();
  assert.equal(catalog.list('tools'), shown);
  assert.deepEqual(changed.splice(0), ['same tools']);
  await fixture.again({ ...tools('a', 'b'), digest: 'second' });
  assert.deepEqual([fixture.names(), changed], [['a', 'b'], ['tools']]);
  assert.deepEqual(
    fixture.reads.map(({ last }) => last?.digest),
    [undefined, 'first', 'first'],
  );
  catalog.dispose();
});

test('the same list counts again after a read that failed, and the same failure is not told twice', async () => {
  const fixture = new Fixture(EVERYTHING, { allow: ['read_*'], deny: [] });
  const { catalog, changed } = fixture;
  await fixture.again({ ...tools('read_a', 'wipe'), digest: 'first' });
  const good = catalog.list('tools');
  assert.ok(good.kind === 'ready' && good.hidden === 1);
  changed.length = 0;
  for (const [ms, told] of [
    [1, 'tools'],
    [1, 'same tools'],
    [2, 'tools'],
  ] as const) {
    fixture.clock.advance(500);
    void catalog.refresh('tools');
    await fixture.fail(ms);
    assert.deepEqual(changed.splice(0), [told]);
  }
  assert.equal(catalog.list('tools').kind, 'failed');
  await fixture.again(undefined);
  assert.equal(fixture.reads.at(-1)?.last?.digest, 'first');
  assert.equal(catalog.list('tools'), good, 'with what its rules leave out');
  assert.deepEqual(changed, ['tools']);
  catalog.dispose();
});
