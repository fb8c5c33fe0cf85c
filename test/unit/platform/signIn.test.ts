import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { EditorSignIn } from '../../../src/platform/signIn';
import { LoopbackRedirect } from '../../../src/transport/loopbackRedirect';
import { env, EventEmitter, screen, UIKind } from '../../support/vscode';

beforeEach(() => screen.clear());

type Secrets = ConstructorParameters<typeof EditorSignIn>[0];
type HandedUri = Parameters<EditorSignIn['handleUri']>[0];

/** A secret store that windows share. */
function secrets(): Secrets {
  const kept = new Map<string, string>();
  const changed = new EventEmitter<{ readonly key: string }>();
  const change = (key: string, value: string | undefined): Promise<void> => {
    if (value === undefined) kept.delete(key);
    else kept.set(key, value);
    changed.fire({ key });
    return Promise.resolve();
  };
  return {
    onDidChange: changed.event,
    keys: () => Promise.resolve([...kept.keys()]),
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: change,
    delete: (key: string) => change(key, undefined),
  };
}

/** An address as the editor hands it over: taken apart, and decoded. */
function handed(query: string): HandedUri {
  return { scheme: 'editor', authority: 'a.b', path: '/callback', query } as HandedUri;
}

/** The redirect that a window would name. */
async function redirectOf(signIn: EditorSignIn, wanted?: string): Promise<string> {
  const pending = await signIn.expectRedirect(wanted);
  pending.dispose();
  return pending.uri;
}

/** Follows the link of that name in a notification. */
async function follow(title: string, link: string): Promise<void> {
  const target = new RegExp(`\\[${link}\\]\\(command:([^?)]+)\\?([^)]*)\\)`).exec(title);
  assert.ok(target?.[1] !== undefined && target[2] !== undefined, title);
  const given = JSON.parse(decodeURIComponent(target[2])) as readonly unknown[];
  await screen.commands.get(target[1])?.(given[0]);
}

test('each notification of a browser that was not opened copies the address of its own server', async () => {
  screen.opens = false;
  const signIn = new EditorSignIn(secrets(), 'a.b');
  const end = new AbortController();
  const visits: Promise<string | undefined>[] = [];
  for (const name of ['one', 'two']) {
    const pending = await signIn.expectRedirect('editor://a.b/callback');
    visits.push(pending.open(`https://${name}.example/?state=${name}`, name, name, end.signal));
  }
  // The browser has been asked for by then.
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(screen.progress.length, 2);
  for (const { title } of screen.progress) await follow(title, 'Copy the address');
  assert.deepEqual(screen.copied, ['https://one.example/?state=one', 'https://two.example/?state=two']);
  for (const { title } of screen.progress) assert.doesNotMatch(title, /state=/, 'the link tells no secret');
  end.abort();
  await Promise.all(visits);
  signIn.dispose();
});

test('no browser is opened for a visit that nobody waits for any more', async () => {
  const signIn = new EditorSignIn(secrets(), 'a.b');
  const pending = await signIn.expectRedirect('editor://a.b/callback');
  const end = new AbortController();
  const visit = pending.open('https://one.example/', 's', 'one', end.signal);
  end.abort();
  assert.equal(await visit, undefined);
  assert.deepEqual([screen.opened, screen.progress, signIn.isWaiting], [[], [], false]);
  signIn.dispose();
});

test('a browser comes back to a listener on this machine, and to the editor where that runs elsewhere or nobody can listen', async () => {
  const signIn = new EditorSignIn(secrets(), 'a.b');
  const own = /^http:\/\/127\.0\.0\.1:\d+\/callback$/;
  assert.match(await redirectOf(signIn), own);
  Object.assign(env, { remoteName: 'ssh-remote' });
  assert.equal(await redirectOf(signIn), 'editor://a.b/callback');
  Object.assign(env, { uiKind: UIKind.Web });
  assert.match(await redirectOf(signIn), own);
  const taken = (await LoopbackRedirect.listen()) ?? assert.fail();
  const byHand = taken.uri.replace('callback', 'done');
  assert.equal(
    await redirectOf(signIn, byHand),
    byHand,
    'what was registered is told, and its answer pasted',
  );
  taken.close();
  signIn.dispose();
});

test('an address that the system hands to one window ends the sign-in of the window that waits for its state (T085)', async () => {
  const store = secrets();
  const left: string[] = [];
  const leave = (key: string, text: string): Thenable<void> => {
    left.push(text);
    return store.store(key, text);
  };
  const shared = { ...store, store: leave };
  const [waits, other] = [new EditorSignIn(shared, 'a.b'), new EditorSignIn(shared, 'a.b')];
  const end = new AbortController();
  const visit = async (): Promise<{ readonly answer: Promise<string | undefined> }> => {
    const pending = await waits.expectRedirect('editor://a.b/callback');
    return { answer: pending.open('https://as.example/', 's', 'one', end.signal) };
  };
  for (const window of [waits, other]) {
    const { answer } = await visit();
    window.handleUri(handed('code=no&state=other'));
    window.handleUri(handed('code=no'));
    window.handleUri(handed('code=a+b/c=&state=s'));
    assert.equal(await answer, 'editor://a.b/callback?code=a%2Bb/c=&state=s');
    assert.equal(waits.isWaiting, false);
    const isLeft = left.some((text) => text.includes('state=s'));
    assert.equal(isLeft, window === other, 'what is its own leaves no window');
  }
  const { answer } = await visit();
  waits.handleUri(handed(`state=s&code=${'x'.repeat(8_192)}`));
  assert.equal(waits.isWaiting, true, 'what is too long is no answer');
  end.abort();
  assert.equal(await answer, undefined);
  for (const window of [waits, other]) window.dispose();
});

test('a pasted address is taken when somebody waits for its state, once, whatever it starts with (T086)', async () => {
  const signIn = new EditorSignIn(secrets(), 'a.b');
  const pending = await signIn.expectRedirect(undefined);
  const answer = pending.open('https://as.example/', 's', 'one', new AbortController().signal);
  for (const none of ['https://x.example/?code=1', 'https://x.example/?code=1&state=S', 'state=s', ''])
    assert.equal(signIn.take(none), false, none);
  const pasted = 'https://gateway.example/lost?code=1&state=s';
  assert.equal(signIn.take(pasted), true);
  assert.equal(signIn.take(pasted), false);
  assert.equal(await answer, pasted);
  pending.dispose();
  signIn.dispose();
});
