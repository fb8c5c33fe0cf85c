import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { EditorSignIn } from '../../../src/platform/signIn';
import { screen } from '../../support/vscode';

beforeEach(() => screen.clear());

const NO_SECRETS = {
  onDidChange: () => ({ dispose: () => undefined }),
  keys: () => Promise.resolve([]),
  get: () => Promise.resolve(undefined),
  store: () => Promise.resolve(),
  delete: () => Promise.resolve(),
} as unknown as ConstructorParameters<typeof EditorSignIn>[0];

/** Follows the link of that name in a notification. */
async function follow(title: string, link: string): Promise<void> {
  const target = new RegExp(`\\[${link}\\]\\(command:([^?)]+)\\?([^)]*)\\)`).exec(title);
  assert.ok(target?.[1] !== undefined && target[2] !== undefined, title);
  const given = JSON.parse(decodeURIComponent(target[2])) as readonly unknown[];
  await screen.commands.get(target[1])?.(given[0]);
}

test('each notification of a browser that was not opened copies the address of its own server', async () => {
  screen.opens = false;
  const signIn = new EditorSignIn(NO_SECRETS, 'a.b');
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
