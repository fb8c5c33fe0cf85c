import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { placeOf } from '../../../src/presentation/jsonPlaces';
import { readRequestDraft, requestDraft, requestDraftProblems } from '../../../src/presentation/requestDraft';
import { sampling } from './waiting';

const { request } = sampling({ systemPrompt: 'Be brief.', maxTokens: 10_000 }).subject;
const TEXT = requestDraft(request);

/** The characters that a problem points at. */
function pointedAt(text: string): readonly (string | undefined)[] {
  return requestDraftProblems(request, text).map(({ place }) => place && text.slice(place.start, place.end));
}

test('the draft is plain JSON that says what there is to change', () => {
  assert.equal(
    TEXT,
    `{
  "systemPrompt": "Be brief.",
  "messages": [
    {
      "role": "user",
      "content": "Hello"
    }
  ],
  "maxTokens": 10000,
  "temperature": null,
  "stopSequences": []
}
`,
  );
});

test('sending a draft that nobody changed allows the request as it is', () => {
  for (const text of [TEXT, JSON.stringify(JSON.parse(TEXT))])
    assert.deepEqual(readRequestDraft(request, text), { ok: true, value: { kind: 'allow-once' } });
});

test('sending a changed draft allows what it says', () => {
  assert.deepEqual(readRequestDraft(request, TEXT.replace('Hello', 'Good day')), {
    ok: true,
    value: {
      kind: 'allow-edited',
      request: {
        ...request,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Good day' }] }],
      },
    },
  });
});

test('what is wrong is told where it stands', () => {
  assert.deepEqual(pointedAt(TEXT.replace('"user"', '"system"')), ['"system"']);
  assert.deepEqual(pointedAt(TEXT.replace('10000', '10001')), ['10001']);
  assert.deepEqual(pointedAt(TEXT.replace('[]', '["a", 7]')), ['7']);
  assert.deepEqual(pointedAt(TEXT.replace('"Hello"', '[{ "image": 1 }]')), ['{']);
  assert.deepEqual(pointedAt('[]'), [undefined]);
});

test('a number that cannot be sent as it stands is no request', () => {
  assert.match(
    requestDraftProblems(request, TEXT.replace('null', '0.1234567890123456789'))[0]?.message ?? '',
    /cannot be sent exactly/,
  );
});

test('a limit above ours is told, and can be sent', () => {
  const changed = TEXT.replace('Hello', 'Bye');
  assert.deepEqual(pointedAt(changed), ['10000']);
  const [problem] = requestDraftProblems(request, changed);
  assert.equal(problem?.message, 'A model is asked for at most 4096 tokens.');
  assert.equal(problem.harmless, true);
  assert.equal(readRequestDraft(request, changed).ok, true);
});

test('a text that is no JSON is told as that, whatever it is', () => {
  fc.assert(
    fc.property(fc.nat(TEXT.length - 3), (length) => {
      const [problem] = requestDraftProblems(request, TEXT.slice(0, length));
      assert.match(problem?.message ?? '', /^This is not JSON/);
      assert.equal(problem?.harmless, false);
    }),
  );
});

test('every value of a JSON text is found by its pointer', () => {
  const visit = (text: string, value: unknown, pointer: string): void => {
    const place = placeOf(text, pointer);
    if (pointer !== '') {
      assert.ok(place, pointer);
      const found = text.slice(place.start, place.end);
      if (typeof value === 'object' && value !== null) assert.equal(found, Array.isArray(value) ? '[' : '{');
      else assert.equal(found, JSON.stringify(value));
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value))
      visit(text, child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  };
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      visit(text, JSON.parse(text), '');
    }),
    { numRuns: 500 },
  );
});

test('what is not in a JSON text is not found, and neither is anything in half a text', () => {
  assert.equal(placeOf('{"a": [1]}', '/b'), undefined);
  assert.equal(placeOf('{"a": [1]}', '/a/1'), undefined);
  assert.equal(placeOf('{"a": [1]}', ''), undefined);
  fc.assert(fc.property(fc.string(), (text) => void placeOf(text, '/a/0')));
});
