import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from '../../../src/policy/redact';
import { isSecretName, secretShapeIn } from '../../../src/policy/secretPatterns';
import { processorMs } from '../../support/processorTime';

const CANARY = 'c4n4ry/+ ü"\\secret';

const FORMS: readonly (readonly [title: string, text: string])[] = [
  ['as it is', CANARY],
  ['in JSON', JSON.stringify({ a: CANARY })],
  ['in a URL', `https://x.test/?q=${encodeURIComponent(CANARY)}`],
  ['in a URL in lower case', encodeURIComponent(CANARY).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a form', encodeURIComponent(CANARY).replaceAll('%20', '+')],
  ['in base64', Buffer.from(CANARY).toString('base64')],
  ['in base64url', Buffer.from(CANARY).toString('base64url')],
  ['in hexadecimal', Buffer.from(CANARY).toString('hex')],
  ['in upper-case hexadecimal', Buffer.from(CANARY).toString('hex').toUpperCase()],
];
for (const [title, text] of FORMS) {
  test(`a secret is found ${title}`, () => {
    const redacted = redact(`before ${text} after`, [CANARY]);
    assert.match(redacted, /^before .*\*\*\*.* after$/);
    assert.ok(!redacted.includes('c4n4ry') && !redacted.includes(text));
    assert.ok(!Buffer.from(redacted, 'base64').toString().includes('c4n4ry'));
  });
}

test('a secret is found inside base64 at any alignment', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 6 }),
      fc.string({ maxLength: 6 }),
      fc.string({ unit: 'binary', minLength: 12 }),
      (before, after, secret) => {
        const text = Buffer.from(before + secret + after).toString('base64');
        assert.ok(redact(text, [secret]).includes('***'));
      },
    ),
  );
});

test('no live secret survives, whatever stands around it', () => {
  const secret = fc
    .string({ minLength: 6, maxLength: 30 })
    .filter((text) => !text.includes('*') && text.trim().length >= 6);
  fc.assert(
    fc.property(secret, secret, fc.string(), (a, b, around) => {
      const redacted = redact(`${around}${a}${around}${b}${a}`, [a, b]);
      assert.ok(!redacted.includes(a) && !redacted.includes(b));
    }),
  );
});

test('the longer of two secrets goes as a whole', () => {
  assert.equal(redact('x abcdef-ghijkl y', ['abcdef', 'abcdef-ghijkl']), 'x *** y');
});

test('a secret that a cut has left the beginning of goes as well, and a word does not', () => {
  const secret = 'abcdefghijklmnopqrstuvwxyz';
  for (const length of [12, 20, 25])
    assert.equal(redact(`before ${secret.slice(0, length)}`, [secret]), 'before ***');
  assert.equal(redact(`aab ${secret.slice(0, 12)}aabcdefghijklmno`, [secret]), 'aab abcdefghijkla***');
  assert.equal(redact('before abcdefghijk', [secret]), 'before abcdefghijk');
  assert.equal(redact('abcdefghijklm after', [secret]), 'abcdefghijklm after');
  assert.equal(redact('no session', ['session-1']), 'no ***');
});

test('short values are left alone, and dollar signs mean nothing', () => {
  assert.equal(redact('a b yes no', ['a', 'yes', '']), 'a b yes no');
  assert.equal(redact('x $&$1$$ y', ['$&$1$$']), 'x *** y');
});

const SHAPES: readonly (readonly [text: string, redacted: string])[] = [
  [`ghp_${'a1'.repeat(18)}`, '***'],
  [`github_pat_${'a1'.repeat(18)}`, '***'],
  [`glpat-${'a1'.repeat(10)}`, '***'],
  [`sk-ant-${'a1'.repeat(10)}`, '***'],
  [`sk_live_${'a1'.repeat(10)}`, '***'],
  ['AKIAIOSFODNN7EXAMPLE', '***'],
  [`xoxb-${'1'.repeat(12)}`, '***'],
  [`AIza${'b'.repeat(35)}`, '***'],
  [`npm_${'c'.repeat(36)}`, '***'],
  [`hf_${'d'.repeat(30)}`, '***'],
  [`eyJhbGciOiJI.${'e'.repeat(20)}.sig-nature`, '***'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
  ['authorization: basic dXNlcjpwYXNz', 'authorization: ***'],
  ['https://user:hunter2@db.test/x', 'https://***@db.test/x'],
  ['https://x.test/?api_key=abcdef123&b=1', 'https://x.test/?api_key=***&b=1'],
  ['--token=abcdef123', '--token=***'],
  ['--token abcdef123', '--token ***'],
  ['"password": "abcdef 123"', '"password": "*** 123"'],
  ['GITHUB_TOKEN=abcdef123', 'GITHUB_TOKEN=***'],
  ['client_secret: abcdef123', 'client_secret: ***'],
  ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx', '***\nx'],
  ['-----BEGIN PRIVATE KEY-----\nabc', '***'],
  ['maxTokens: 4096000', 'maxTokens: 4096000'],
  ['--token=${input:token}', '--token=${input:token}'],
  ['Bearer ${input:token}', 'Bearer ${input:token}'],
  ['sk-short', 'sk-short'],
  ['risk-assessment-of-everything', 'risk-assessment-of-everything'],
  [
    'the token expired, a password required, secret ingredients',
    'the token expired, a password required, secret ingredients',
  ],
  ['--token --verbose', '--token --verbose'],
  ['a plain sentence about a token.', 'a plain sentence about a token.'],
  ['http://[::1]:8080/a@b', 'http://[::1]:8080/a@b'],
];
for (const [text, redacted] of SHAPES) {
  test(`${JSON.stringify(text).slice(0, 50)} becomes ${JSON.stringify(redacted)}`, () => {
    assert.equal(redact(text, []), redacted);
    assert.equal(secretShapeIn(text) !== undefined, text !== redacted);
  });
}

test('redacting twice changes nothing more', () => {
  for (const [text] of SHAPES) assert.equal(redact(redact(text, []), []), redact(text, []));
});

test('hostile text takes linear time', () => {
  const start = processorMs();
  const parts = [
    'ghp_',
    'eyJ-',
    'eyJaaaaaaaa.',
    'sk-',
    'Bearer ',
    'token ',
    'token:',
    '://a:',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '@',
    'secret_',
    'api-key=',
    ' ',
    'a',
  ];
  for (const part of parts) redact(part.repeat(Math.floor(1_000_000 / part.length)), ['s3cret-value']);
  assert.ok(processorMs() - start < 10_000);
});

test('names of secrets are told from other names', () => {
  for (const name of [
    'GITHUB_TOKEN',
    'apiKey',
    'X-Api-Key',
    'DB_PASSWORD',
    'Authorization',
    'GH_PAT',
    'Cookie',
    'PGPASSWORD',
    'PWD',
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ['HOME', 'PATH', 'MODE', 'HOST', 'PATTERN', 'LANG'])
    assert.ok(!isSecretName(name), name);
});
