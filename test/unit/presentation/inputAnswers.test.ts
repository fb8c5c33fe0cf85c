import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formAnswers, proposedEntry, type PatternCheck } from '../../../src/presentation/inputAnswers';
import type { Entered } from '../../../src/presentation/inputMessages';
import type { ElicitationField, ElicitationForm, ElicitationInput } from '../../../src/protocol/elicitation';

const fits: PatternCheck = () => ({ kind: 'fits' });
const text = (value: string): Entered => ({ kind: 'text', text: value });
const pick = (index?: number): Entered => (index === undefined ? { kind: 'one' } : { kind: 'one', index });
const several = (...indexes: number[]): Entered => ({ kind: 'several', indexes });
const choices = [{ value: 'a' }, { value: 'b', title: 'B' }, { value: '' }];

/** What is sent of one field, or what is wrong with it. */
function answerOf(
  input: ElicitationInput,
  entered: Entered | undefined,
  more: Partial<ElicitationField> = {},
  check = fits,
): unknown {
  const form: ElicitationForm = {
    mode: 'form',
    message: 'm',
    fields: [{ key: 'k', required: false, ...more, input }],
  };
  const all = formAnswers(form, entered ? new Map([[0, entered]]) : new Map(), check);
  const [answer] = all.answers;
  assert.equal(all.problems, answer?.problem === undefined ? 0 : 1);
  return answer?.problem ?? all.content;
}

test('what is entered into each kind of control becomes a value of its field', () => {
  const number = { kind: 'number', integer: false } as const;
  const cases: readonly (readonly [ElicitationInput, Entered, unknown])[] = [
    [{ kind: 'string' }, text('Ada '), 'Ada '],
    [number, text(' 1.5 '), 1.5],
    [{ kind: 'number', integer: true }, text('-3'), -3],
    [{ kind: 'boolean' }, pick(0), true],
    [{ kind: 'boolean' }, pick(1), false],
    [{ kind: 'choice', choices }, pick(1), 'b'],
    [{ kind: 'choice', choices }, pick(2), ''],
    [{ kind: 'choices', choices }, several(0, 1), ['a', 'b']],
  ];
  for (const [input, entered, value] of cases) assert.deepEqual(answerOf(input, entered), { k: value });
});

test('nothing entered leaves an optional field out, also one that the server proposed a value for', () => {
  const emptied: readonly (readonly [ElicitationInput, Entered, ElicitationField['defaultValue']])[] = [
    [{ kind: 'string' }, text(''), 'x'],
    [{ kind: 'number', integer: true }, text(' '), 4],
    [{ kind: 'boolean' }, pick(), true],
    [{ kind: 'choice', choices }, pick(), 'a'],
    [{ kind: 'choices', choices }, several(), ['a']],
  ];
  for (const [input, entered, defaultValue] of emptied)
    assert.deepEqual(answerOf(input, entered, defaultValue === undefined ? {} : { defaultValue }), {});
});

test('nothing at all is no answer to a required question', () => {
  const required = { required: true };
  assert.equal(answerOf({ kind: 'string' }, text(''), required), 'Required.');
  assert.equal(answerOf({ kind: 'string' }, undefined, required), 'Required.');
  assert.equal(answerOf({ kind: 'number', integer: true }, text(''), required), 'Required.');
  assert.equal(answerOf({ kind: 'boolean' }, pick(), required), 'Required.');
  assert.equal(answerOf({ kind: 'choice', choices }, pick(), required), 'Required.');
  assert.deepEqual(answerOf({ kind: 'choices', choices }, several(), required), { k: [] });
});

test('what does not fit is said, as typed', () => {
  const cases: readonly (readonly [ElicitationInput, Entered, RegExp])[] = [
    [{ kind: 'string', minLength: 3 }, text('ab'), /at least 3/],
    [{ kind: 'string', maxLength: 3 }, text('abcd'), /at most 3/],
    [{ kind: 'string', format: 'email' }, text('ada'), /email/],
    [{ kind: 'string', format: 'uri' }, text('no uri'), /URI|address/i],
    [{ kind: 'string', format: 'date' }, text('2026-02-30'), /date/],
    [{ kind: 'string', format: 'date-time' }, text('2026-02-03'), /time/],
    [{ kind: 'number', integer: true }, text('1.5'), /whole number/],
    [{ kind: 'number', integer: false }, text('one'), /number/],
    [{ kind: 'number', integer: false }, text('0.10000000000000000001'), /cannot be sent exactly/],
    [{ kind: 'number', integer: false, maximum: 2 }, text('3'), /at most 2/],
    [{ kind: 'choices', choices, minItems: 2 }, several(0), /at least 2/],
    [{ kind: 'choices', choices, maxItems: 1 }, several(0, 1), /at most 1/],
  ];
  for (const [input, entered, problem] of cases) assert.match(String(answerOf(input, entered)), problem);
});

test('what is proposed and not touched is sent exactly as it came', () => {
  const proposals: readonly (readonly [ElicitationInput, NonNullable<ElicitationField['defaultValue']>])[] = [
    [{ kind: 'string' }, 'a\r\nb\u202E'],
    [{ kind: 'number', integer: false }, 1e21],
    [{ kind: 'boolean' }, false],
    [{ kind: 'choice', choices }, ''],
    [{ kind: 'choices', choices }, ['b', 'a']],
  ];
  for (const [input, defaultValue] of proposals)
    assert.deepEqual(answerOf(input, undefined, { defaultValue }), { k: defaultValue });
  assert.deepEqual(answerOf({ kind: 'boolean' }, undefined), {}, 'nothing is proposed, nothing is sent');
});

test('what stands in a control at first is what is proposed, or nothing', () => {
  const field = (
    input: ElicitationInput,
    defaultValue?: ElicitationField['defaultValue'],
  ): ElicitationField => ({
    key: 'k',
    required: true,
    input,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  });
  assert.deepEqual(proposedEntry(field({ kind: 'boolean' })), pick());
  assert.deepEqual(proposedEntry(field({ kind: 'boolean' }, false)), pick(1));
  assert.deepEqual(proposedEntry(field({ kind: 'choice', choices })), pick());
  assert.deepEqual(proposedEntry(field({ kind: 'choice', choices }, 'b')), pick(1));
  assert.deepEqual(proposedEntry(field({ kind: 'choices', choices }, ['b', 'a'])), several(0, 1));
  assert.deepEqual(proposedEntry(field({ kind: 'number', integer: true }, 4)), text('4'));
  assert.deepEqual(proposedEntry(field({ kind: 'string' })), text(''));
});

test('a pattern is judged elsewhere; until that is known nothing is certain', () => {
  const input = { kind: 'string', pattern: '^a$' } as const;
  assert.equal(
    answerOf(input, text('b'), {}, () => ({ kind: 'misfit', message: 'No.' })),
    'No.',
  );
  const form: ElicitationForm = {
    mode: 'form',
    message: 'm',
    fields: [{ key: 'k', required: false, input }],
  };
  const asked: unknown[] = [];
  const check: PatternCheck = (...args) => {
    asked.push(args);
    return { kind: 'checking' };
  };
  assert.equal(formAnswers(form, new Map([[0, text('a')]]), check).isChecking, true);
  assert.deepEqual(asked, [[0, 'a']]);
  assert.equal(formAnswers(form, new Map(), check).isChecking, false, 'nothing is there to try');
});

test('keys such as __proto__ are ordinary', () => {
  const fields = ['__proto__', 'constructor'].map((key): ElicitationField => ({
    key,
    required: false,
    defaultValue: true,
    input: { kind: 'boolean' },
  }));
  const { content } = formAnswers({ mode: 'form', message: 'm', fields }, new Map(), fits);
  assert.deepEqual(Object.keys(content), ['__proto__', 'constructor']);
});
