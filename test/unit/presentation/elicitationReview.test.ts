import assert from 'node:assert/strict';
import { domainToUnicode } from 'node:url';
import { test } from 'node:test';

import fc from 'fast-check';

import { askedFields, answerProblem, questionOf } from '../../../src/presentation/elicitationForm';
import type { ReviewOptions } from '../../../src/presentation/reviewLines';
import { urlReview } from '../../../src/presentation/urlReview';
import { safe } from '../../../src/policy/safeText';
import type {
  ElicitationField,
  ElicitationForm,
  ElicitationRequest,
} from '../../../src/protocol/elicitation';
import { anyText, restored } from '../policy/hostileText';
import { elicitation, reviewFor, reviewText } from './waiting';

function linesOf(request: ElicitationRequest, more: Partial<ReviewOptions> = {}): string {
  return reviewText(elicitation(request), more);
}

const FIELDS: readonly ElicitationField[] = [
  {
    key: 'name',
    required: true,
    title: 'Name',
    description: 'Yours',
    input: { kind: 'string', maxLength: 9 },
  },
  { key: 'share', required: false, defaultValue: true, input: { kind: 'boolean' } },
  {
    key: 'pet',
    required: false,
    input: { kind: 'choice', choices: [{ value: 'c', title: 'Cat' }, { value: 'd' }] },
  },
  { key: 'age', required: false, input: { kind: 'number', integer: true, minimum: 1, maximum: 9 } },
];
const FORM: ElicitationForm = { mode: 'form', message: 'Who\nare you?', fields: FIELDS };

test('the document holds who asks, why, the whole message and every field with what is proposed', () => {
  const text = linesOf(FORM);
  for (const part of [
    'The server "notes" asks you for input',
    'your call of describe',
    'Expires       T+601s, as if you had cancelled it',
    '│ Who\n│ are you?',
    'What it asks: 4 fields',
    '│ Name  (name)\n│ Yours\nrequired, text, at most 9 characters',
    '│ share\noptional, yes or no, proposed: true',
    '│ - Cat  (c)\n│ - d\noptional, one of these',
    'optional, a number, integer from 1 to 9',
  ])
    assert.ok(text.includes(part), `${part}\n---\n${text}`);
  assert.match(linesOf(FORM, { ended: safe`It expired.` }), /No longer waiting\. It expired\./);
});

test('it warns of what looks like a secret', () => {
  const secret: ElicitationField = { key: 'token', required: true, input: { kind: 'string' } };
  assert.match(linesOf({ ...FORM, fields: [secret] }), /seems to ask for a secret \(token\)/);
  assert.doesNotMatch(linesOf(FORM), /secret/);
});

test("every word of the server's stands behind a bar, whole", () => {
  fc.assert(
    fc.property(anyText, anyText, (message, title) => {
      const field: ElicitationField = { key: 'k', required: false, title, input: { kind: 'boolean' } };
      const { lines } = reviewFor(elicitation({ mode: 'form', message, fields: [field] }));
      const start = lines.findIndex(({ text }) => text === 'What it says');
      const said = lines.slice(start + 1).filter(({ kind }) => kind === 'theirs');
      assert.ok(said.every(({ text }) => /^[│┊] /.test(text)));
      const [first = ''] = message.split('\n');
      if (first.length < 8 && !/\s$/.test(first))
        assert.equal(restored((said[0]?.text ?? '').slice(2)), first);
    }),
  );
});

test('an address is shown whole, its host on a line of its own and in both ways of writing', () => {
  const text = linesOf({ mode: 'url', message: 'm', url: 'https://xn--bcher-kva.example/path?q=1' });
  assert.match(text, /^Host +xn--bcher-kva\.example$/m);
  assert.match(text, /^In letters +bücher\.example$/m);
  assert.match(text, /^│ https:\/\/xn--bcher-kva\.example\/path\?q=1$/m);
  const long = `https://a.example/${'x'.repeat(8_000)}`;
  const pieces = linesOf({ mode: 'url', message: 'm', url: long })
    .split('\n')
    .filter((line) => /^[│┊] /.test(line))
    .map((line) => line.slice(2));
  assert.ok(pieces.join('').includes(long));
});

test('what is odd about an address is said', () => {
  const cases: readonly (readonly [string, readonly RegExp[]])[] = [
    ['https://example.com/', []],
    ['https://xn--pple-43d.com/', [/look like others/]],
    ['http://localhost:3000/', [/program on this machine/, /not encrypted/]],
    ['https://93.184.216.34/', [/bare number/]],
    ['https://[2606:2800::1]/', [/bare number/]],
    ['https://github.com.login.evil.example/', [/Only its end.*login\.evil\.example/]],
    ['https://example.com:8443/', [/port 8443/]],
    [`https://example.com/${'a'.repeat(600)}`, [/620 characters/]],
  ];
  for (const [url, expected] of cases) {
    const { warnings } = urlReview(url, domainToUnicode);
    assert.equal(warnings.length, expected.length, `${url}: ${warnings.join(' ')}`);
    for (const [index, pattern] of expected.entries()) assert.match(warnings[index] ?? '', pattern);
  }
});

test('what must be answered and what is proposed is asked one by one, in the order of the form', () => {
  assert.deepEqual(
    askedFields(FORM).map(({ key }) => key),
    ['name', 'share'],
  );
});

test('a question begins with nothing but what the server proposes', () => {
  assert.deepEqual(questionOf(FIELDS[1] as ElicitationField), {
    key: 'share',
    required: false,
    defaultValue: true,
    input: { kind: 'boolean' },
    examples: [],
    nullable: false,
    pointer: '',
  });
});

test('nothing at all is no answer to a required question', () => {
  const [name] = FIELDS;
  assert.ok(name);
  assert.equal(answerProblem(name, ''), 'Required.');
  assert.equal(answerProblem(name, 'x'), undefined);
  assert.equal(answerProblem({ ...name, required: false }, ''), undefined);
});
