/** *Add to Context* from the palette: whatever can be opened can be put in, by the same questions. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { addToContext } from '../../../src/ui/context/addToContext';
import { ResourceFlow } from '../../../src/ui/resources/resourceFlow';
import { screen, type QuickInput } from '../../support/vscode';

beforeEach(() => screen.clear());

const LISTED = {
  resources: { name: 'guide', uri: 'a:guide' },
  resourceTemplates: { name: 'note', uriTemplate: 'a:note/{id}' },
};

/** One running server with a resource and a template. */
class Offering {
  readonly read: (readonly [string, string])[] = [];
  readonly added: unknown[] = [];
  private readonly items = { resources: [LISTED.resources], resourceTemplates: [LISTED.resourceTemplates] };
  private readonly server = {
    id: 'user/one',
    definition: { name: 'one' },
    state: { kind: 'running', server: { capabilities: { resources: {} } } },
    catalog: {
      list: () => ({ kind: 'ready' }),
      items: (kind: keyof typeof LISTED) => this.items[kind],
      want: () => undefined,
    },
  };
  private readonly host = {
    servers: () => (this.isThere ? [this.server] : []),
    server: () => this.server,
    complete: () => Promise.resolve({ values: [], hasMore: false }),
    onDidChange: () => ({ dispose: () => undefined }),
    watch: { open: () => ({ dispose: () => undefined }) },
    readResource: (serverId: string, uri: string) => {
      this.read.push([serverId, uri]);
      const text = { kind: 'inline', text: `text of ${uri}` };
      return Promise.resolve({ contents: [{ uri, body: { kind: 'text', text } }] });
    },
    gathered: { add: (item: unknown) => (this.added.push(item), { kind: 'added' }) },
  };

  constructor(private readonly isThere = true) {}

  /** Runs the command from the palette. */
  add(): Promise<void> {
    return addToContext({ host: this.host } as never, {} as never, undefined, undefined);
  }

  /** Runs *Open Resource…* from the palette. */
  open(): Promise<void> {
    const files = {
      onDidCloseTab: () => ({ dispose: () => undefined }),
      put: () => undefined,
      has: () => false,
    };
    return new ResourceFlow({ host: this.host } as never, files as never).openResource(undefined);
  }
}

/** The question that is shown as the one of this number. */
async function question(number: number): Promise<QuickInput> {
  const end = performance.now() + 5_000;
  while (screen.inputs.length < number && performance.now() < end)
    await new Promise<void>((resolve) => setImmediate(resolve));
  const found = screen.inputs[number - 1];
  assert.ok(found, `question ${number} was not asked`);
  return found;
}

function added(uri: string): readonly object[] {
  return [
    { serverId: 'user/one', serverName: 'one', source: { kind: 'resource', uri }, text: `text of ${uri}` },
  ];
}

test('a listed resource is put in', async () => {
  const offering = new Offering();
  const run = offering.add();
  const pick = await question(1);
  assert.equal(pick.title, 'Add to Context');
  pick.accept('guide');
  await run;
  assert.deepEqual(offering.added, added('a:guide'));
  assert.match(screen.said.join(), /^Added ".*" to the context$/);
});

test('a template is filled in first, and Back leads to what can be picked', async () => {
  const offering = new Offering();
  const run = offering.add();
  (await question(1)).accept('note');
  const first = await question(2);
  assert.equal(first.title, 'note (one): id');
  first.goBack();
  (await question(3)).accept('note');
  (await question(4)).accept('a b');
  await run;
  assert.deepEqual(offering.read, [['user/one', 'a:note/a%20b']]);
  assert.deepEqual(offering.added, added('a:note/a%20b'));
});

test('a typed address is read, and nothing is for one that is not typed', async () => {
  const offering = new Offering();
  const run = offering.add();
  (await question(1)).accept('Enter a URI…');
  const typed = await question(2);
  assert.equal(typed.title, 'Add to Context (one)');
  typed.accept(' b:other ');
  await run;
  assert.deepEqual(offering.added, added('b:other'));
  const left = offering.add();
  (await question(3)).accept('Enter a URI…');
  (await question(4)).escape();
  await left;
  assert.deepEqual([offering.read.length, offering.added.length, screen.messages.length], [1, 1, 0]);
});

test('a template that is left, and a server that is not there, put nothing in', async () => {
  const offering = new Offering();
  const run = offering.add();
  (await question(1)).accept('note');
  (await question(2)).escape();
  await run;
  assert.deepEqual([offering.read, offering.added, screen.messages], [[], [], []]);
  await new Offering(false).add();
  assert.deepEqual(
    screen.messages.map(({ text }) => text),
    ['No running server offers resources.'],
  );
});

test('to open one the questions are the same, under their own title', async () => {
  const offering = new Offering();
  const run = offering.open();
  const pick = await question(1);
  assert.equal(pick.title, 'Open Resource');
  pick.accept('note');
  (await question(2)).goBack();
  (await question(3)).accept('Enter a URI…');
  const typed = await question(4);
  assert.equal(typed.title, 'Open Resource (one)');
  typed.escape();
  await run;
  assert.deepEqual(offering.read, []);
});
