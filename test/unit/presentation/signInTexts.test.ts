import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  fitsDialog,
  signInDetails,
  signInLines,
  signInRights,
  type SignInQuestion,
} from '../../../src/presentation/signInTexts';

function question(scopes: readonly string[], newScopes?: readonly string[]): SignInQuestion {
  return {
    kind: 'sign-in',
    host: 'server.example',
    clicked: true,
    request: {
      issuer: 'https://as.example',
      resource: 'https://server.example/mcp',
      scopes,
      reason: newScopes ? 'more-scopes' : 'sign-in',
      ...(newScopes ? { newScopes } : {}),
    },
  };
}

test('few rights are named whole in the dialog, with those that are new (T092)', () => {
  const scopes = ['read', `https://api.example/auth/${'x'.repeat(200)}.admin`];
  const asked = question(scopes, ['read']);
  assert.equal(fitsDialog(asked), true);
  assert.deepEqual(signInLines(asked), [
    'Server: server.example',
    'Signs in at: as.example',
    'New: read',
    'Asks for:',
    ...scopes.map((scope) => `• ${scope}`),
    'Why: what you signed in for is not enough',
  ]);
});

test('no number and no length of rights hides one: what a dialog has no room for goes into the list, whole', () => {
  for (const scopes of [
    [...Array.from({ length: 99 }, (_, index) => `read:${index}`), 'admin:delete-everything'],
    Array.from({ length: 4 }, (_, index) => `${index}${'x'.repeat(254)}!`),
  ]) {
    const asked = question(scopes);
    assert.equal(fitsDialog(asked), false);
    assert.deepEqual(signInRights(asked).all, scopes);
    const rows = signInDetails(asked).filter(({ label }) => label === 'Asks for');
    assert.deepEqual(
      rows.map(({ value }) => value),
      scopes,
    );
  }
});

test('a right cannot look like another text of ours', () => {
  assert.deepEqual(signInRights(question(['[a](b)'])).all.length, 1);
  assert.ok(
    !signInLines(question(['[a](b)']))
      .join('')
      .includes('[a](b)'),
  );
});

test('where no right is asked for it says who decides', () => {
  const lines = signInLines(question([])).join('\n');
  assert.match(lines, /Asks for: .*the authorization server decides.*may be everything/);
  assert.equal(signInDetails(question([])).filter(({ label }) => label === 'Asks for').length, 1);
});
