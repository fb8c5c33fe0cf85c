import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/base/json';
import {
  errorSentence,
  localProblem,
  readArguments,
  readTyped,
  typedInputOf,
  typedText,
} from '../../../src/presentation/argumentValue';
import type { FieldInput } from '../../../src/presentation/fieldInput';

const number: FieldInput = { kind: 'number', integer: false };
const integer: FieldInput = { kind: 'number', integer: true };
const json: FieldInput = { kind: 'json', type: 'any' };

test('numbers are read as people write them', () => {
  const cases: [string, number][] = [
    ['1', 1],
    [' 42 ', 42],
    ['+7', 7],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['1.0', 1],
    ['1e3', 1000],
    ['0.1', 0.1],
    ['1.10', 1.1],
    ['-0', 0],
    ['9007199254740991', 9007199254740991],
  ];
  for (const [text, value] of cases) {
    const read = readTyped(number, text);
    assert.ok(read.ok, text);
    assert.ok(Object.is(read.value, value), text);
  }
});

test('a number that cannot be sent exactly is refused with a reason', () => {
  const cases: [string, RegExp][] = [
    ['9007199254740993', /beyond 2\^53/],
    ['12345678901234567890', /beyond 2\^53/],
    ['1e400', /too large/],
    ['0.1000000000000000055', /nearest number is 0.1/],
    ['1e-400', /nearest number is 0/],
  ];
  for (const [text, reason] of cases) {
    const read = readTyped(number, text);
    assert.equal(read.ok, false, text);
    assert.match(read.ok ? '' : read.error, reason);
  }
});

test('what is not a number is refused', () => {
  for (const text of ['', 'abc', '1,5', '0x10', 'NaN', 'Infinity', '1e', '--1', '1 2', '٣'])
    assert.equal(readTyped(number, text).ok, false, text);
  for (const text of ['1.5', '1e-1']) assert.equal(readTyped(integer, text).ok, false, text);
  assert.deepEqual(readTyped(integer, '1.0'), { ok: true, value: 1 });
});

test('every number that is accepted is sent as the number that was written', () => {
  const text = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.stringMatching(/^-?\d{1,20}(\.\d{1,20})?(e-?\d{1,2})?$/),
  );
  fc.assert(
    fc.property(text, (written) => {
      const read = readTyped(number, written);
      if (!read.ok) return;
      assert.equal(exact(JSON.stringify(read.value)), exact(written));
    }),
    { numRuns: 2_000 },
  );
});

test('numbers inside JSON are held to the same, and digits inside strings are not', () => {
  for (const text of ['[9007199254740993]', '{"a":{"b":1e999}}', '[1, 0.30000000000000000001]'])
    assert.equal(readTyped(json, text).ok, false, text);
  const fine = '{"id":"9007199254740993 \\" 1e999","n":[1,-2.5e3]}';
  assert.deepEqual(readTyped(json, fine), { ok: true, value: JSON.parse(fine) as JsonValue });
});

test('JSON of another type than asked for is refused', () => {
  assert.equal(readTyped({ kind: 'json', type: 'array' }, '{}').ok, false);
  assert.equal(readTyped({ kind: 'json', type: 'object' }, '[]').ok, false);
  assert.equal(readArguments('[]').ok, false);
  assert.equal(readArguments('null').ok, false);
  assert.equal(readArguments('{"a":').ok, false);
  assert.deepEqual(readArguments('{"a":1}'), { ok: true, value: { a: 1 } });
});

test('a text is taken exactly as typed', () => {
  const input: FieldInput = { kind: 'string' };
  for (const text of ['', '  padded ', '"quoted"', 'null', '1'])
    assert.deepEqual(readTyped(input, text), { ok: true, value: text });
});

test('what a value is shown as reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
      const read = readTyped(json, typedText(json, plain));
      if (read.ok) assert.deepEqual(read.value, plain);
    }),
  );
});

test('ranges and lengths are checked here, lengths in characters', () => {
  assert.match(localProblem({ kind: 'number', integer: true, minimum: 1 }, 0) ?? '', /at least 1/);
  assert.match(localProblem({ kind: 'number', integer: true, maximum: 5 }, 6) ?? '', /at most 5/);
  assert.match(localProblem({ kind: 'number', integer: false, exclusiveMinimum: 0 }, 0) ?? '', /above 0/);
  assert.match(localProblem({ kind: 'number', integer: false, exclusiveMaximum: 1 }, 1) ?? '', /below 1/);
  assert.match(localProblem({ kind: 'string', minLength: 3 }, 'ab') ?? '', /at least 3/);
  assert.match(localProblem({ kind: 'string', maxLength: 2 }, 'abc') ?? '', /at most 2/);
  assert.equal(localProblem({ kind: 'string', maxLength: 2, minLength: 2 }, '😀😀'), undefined);
  assert.match(localProblem({ kind: 'choices', choices: [], minItems: 1 }, []) ?? '', /at least 1/);
  assert.equal(localProblem({ kind: 'string' }, 'anything'), undefined);
});

test('findings are sentences', () => {
  assert.equal(errorSentence({ path: '', message: 'must be string' }), 'Must be string.');
  assert.equal(errorSentence({ path: '/a/b', message: 'must be number' }), '/a/b must be number.');
});

/** A decimal as a fraction of integers, for exact comparison. */
function exact(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  assert.ok(match, text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return '0';
  const shift = 400 + Number(power) - fraction.length;
  assert.ok(shift >= 0);
  return sign + String(digits * 10n ** BigInt(shift));
}

test('a text with line breaks is typed as JSON, which keeps them; any other as it is', () => {
  const input = { kind: 'string' } as const;
  const text = 'line1\nline2\r';
  const typed = typedInputOf(input, text);
  assert.equal(typed.kind, 'json');
  assert.deepEqual(readTyped(typed, typedText(typed, text)), { ok: true, value: text });
  assert.equal(typedInputOf(input, 'one line'), input);
  assert.equal(typedInputOf(input, undefined), input);
});
