import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  decideElicitation,
  ELICITATION_LIMITS,
  type ElicitationSituation,
} from '../../../src/policy/elicitationDecision';
import { asksForSecret, secretInAnswer } from '../../../src/policy/secretQuestion';

const NORMAL: ElicitationSituation = {
  callsRunning: 1,
  outsideCalls: false,
  waiting: 0,
  requests: 0,
  ofThisCall: 0,
};

const CASES: readonly (readonly [Partial<ElicitationSituation>, string])[] = [
  [{}, 'ask'],
  [{ callsRunning: 0 }, 'unprompted'],
  [{ callsRunning: -1 }, 'unprompted'],
  [{ callsRunning: 0, outsideCalls: true }, 'ask'],
  [{ waiting: ELICITATION_LIMITS.waiting - 1 }, 'ask'],
  [{ waiting: ELICITATION_LIMITS.waiting }, 'busy'],
  [{ requests: ELICITATION_LIMITS.perHour - 1 }, 'ask'],
  [{ requests: ELICITATION_LIMITS.perHour }, 'hourly'],
  [{ ofThisCall: ELICITATION_LIMITS.perCall - 1 }, 'ask'],
  [{ ofThisCall: ELICITATION_LIMITS.perCall }, 'per-call'],
  [{ requests: 999, outsideCalls: true }, 'hourly'],
  [{ waiting: 999, ofThisCall: 999, requests: 999, callsRunning: 0 }, 'unprompted'],
];

for (const [change, expected] of CASES)
  test(`a request is ${expected} with ${JSON.stringify(change)}`, () => {
    const decision = decideElicitation({ ...NORMAL, ...change });
    assert.equal(decision.kind === 'ask' ? 'ask' : decision.cause, expected);
  });

const text = { kind: 'string' };

test('questions for secrets are recognised in many words, and ordinary ones are not', () => {
  const secret: readonly (readonly [string, string?, string?])[] = [
    ['GitHub password'],
    ['apiKey'],
    ['x', 'API key'],
    ['otp'],
    ['x', 'Your PIN'],
    ['seedPhrase'],
    ['seed_phrase'],
    ['x', 'Seed phrase'],
    ['x', 'Passwort'],
    ['x', 'Mot de passe'],
    ['x', 'Contraseña'],
    ['x', 'Пароль'],
    ['x', '密码'],
    ['x', 'パスワード'],
    ['cvv'],
    ['x', 'Value', 'Type your password here'],
    ['x', 'Credit card'],
  ];
  for (const [key, title, description] of secret)
    assert.equal(
      asksForSecret({
        key,
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        input: text,
      }),
      true,
      `${key} ${title ?? ''}`,
    );
  for (const key of ['name', 'city', 'email', 'shipping', 'opinion', 'tangent', 'comment', 'seeds'])
    assert.equal(asksForSecret({ key, input: text }), false, key);
  assert.equal(asksForSecret({ key: 'x', input: { kind: 'string', format: 'password' } }), true);
  assert.equal(
    asksForSecret({ key: 'password', input: { kind: 'boolean' } }),
    false,
    'nothing is typed there',
  );
});

test('an answer that has the shape of a secret is recognised whatever it was asked as', () => {
  assert.ok(secretInAnswer(`ghp_${'a'.repeat(36)}`));
  assert.equal(secretInAnswer('Bern'), undefined);
  assert.equal(secretInAnswer(5), undefined);
});
