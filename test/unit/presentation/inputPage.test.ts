import assert from 'node:assert/strict';
import { domainToUnicode } from 'node:url';
import { test } from 'node:test';

import fc from 'fast-check';

import type { ConsentEntry } from '../../../src/host/consentQueue';
import { formAnswers } from '../../../src/presentation/inputAnswers';
import type { Entered, FormState, InputPage, PageInput } from '../../../src/presentation/inputMessages';
import {
  formState,
  inputPage,
  pageAddress,
  pageInputs,
  secretsIn,
} from '../../../src/presentation/inputPage';
import { urlReview } from '../../../src/presentation/urlReview';
import type {
  ElicitationField,
  ElicitationForm,
  ElicitationRequest,
} from '../../../src/protocol/elicitation';
import { anyText, restored } from '../policy/hostileText';
import { elicitation } from './waiting';

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
const fits = (): { readonly kind: 'fits' } => ({ kind: 'fits' });

function stateOf(
  form: ElicitationForm,
  entered: ReadonlyMap<number, Entered> = new Map(),
  seen: readonly number[] = form.fields.map((_, index) => index),
): FormState {
  const progress = { revision: 1, seen: new Set(seen), isConfirming: false };
  return formState(form, formAnswers(form, entered, fits), progress);
}

function pageOf(request: ElicitationRequest, content: InputPage['content']): InputPage {
  const entry = elicitation(request);
  return inputPage(entry, entry.subject, content, {
    formatTime: (time) => `T+${time / 1_000}s`,
    now: 61_000,
  });
}

function formPage(form: ElicitationForm): InputPage {
  return pageOf(form, { kind: 'form', inputs: pageInputs(form, new Map()), state: stateOf(form) });
}

function inputOf(field: ElicitationField): PageInput {
  const [input] = pageInputs({ ...FORM, fields: [field] }, new Map());
  return input ?? assert.fail();
}

test('the page holds who asks, why, since when, until when, and the whole message', () => {
  const page = formPage(FORM);
  assert.equal(page.title, 'Server "notes" asks you for input');
  assert.deepEqual(page.facts, [
    { label: 'Cause', value: 'your call of describe' },
    { label: 'Since', value: 'T+1s' },
  ]);
  assert.equal(page.expiry, '9 min left, then it counts as cancelled');
  assert.equal(page.message, 'Who\nare you?');
  assert.match(page.intro, /Never give passwords, keys or codes/);
  const entry: ConsentEntry = elicitation(FORM, { cause: { kind: 'while-running', callTitles: [] } });
  assert.ok(entry.subject.kind === 'elicitation');
  const unasked = inputPage(entry, entry.subject, page.content, { formatTime: String, now: 0 });
  assert.match(unasked.facts[0]?.value ?? '', /^unknown; none of your calls/);
});

test('every field stands on the page with what it takes, and with nothing but what the server proposes', () => {
  assert.deepEqual(pageInputs(FORM, new Map()), [
    {
      name: 'Name',
      key: 'name',
      description: 'Yours',
      required: true,
      accepts: 'at most 9 characters',
      warnings: [],
      control: { kind: 'text', severalLines: false, numeric: false },
      entered: { kind: 'text', text: '' },
    },
    {
      name: 'share',
      required: false,
      accepts: '',
      warnings: [],
      control: {
        kind: 'one',
        choices: [{ label: 'Yes' }, { label: 'No' }],
        isLong: false,
        none: 'No answer',
      },
      entered: { kind: 'one', index: 0 },
    },
    {
      name: 'pet',
      required: false,
      accepts: '',
      warnings: [],
      control: {
        kind: 'one',
        choices: [{ label: 'Cat', value: 'c' }, { label: 'd' }],
        isLong: false,
        none: 'No answer',
      },
      entered: { kind: 'one' },
    },
    {
      name: 'age',
      required: false,
      accepts: 'integer from 1 to 9',
      warnings: [],
      control: { kind: 'text', severalLines: false, numeric: true },
      entered: { kind: 'text', text: '' },
    },
  ]);
  const again = pageInputs(FORM, new Map([[3, { kind: 'text', text: '7' }]]));
  assert.deepEqual(
    again[3]?.entered,
    { kind: 'text', text: '7' },
    'what was entered before stands there again',
  );
});

test('the state says what is proposed, what is wrong, and what would be sent', () => {
  const empty = stateOf(FORM);
  assert.deepEqual(
    empty.answers.map(({ isProposed, problem }) => [isProposed, problem]),
    [
      [false, 'Required.'],
      [true, undefined],
      [false, undefined],
      [false, undefined],
    ],
  );
  assert.equal(empty.canSubmit, false);
  assert.equal(empty.summary, '1 field to be filled in or corrected.');
  const full = stateOf(FORM, new Map([[0, { kind: 'text', text: 'Ada' }]]));
  assert.equal(full.canSubmit, true);
  assert.equal(full.summary, '2 answers to be sent.');
  assert.deepEqual(JSON.parse(full.preview), { name: 'Ada', share: true });
  const none = stateOf({ ...FORM, fields: [] });
  assert.equal(none.summary, 'No answers, only your consent.');
});

test('nothing can be submitted before every field was in view (T146)', () => {
  const entered = new Map<number, Entered>([[0, { kind: 'text', text: 'Ada' }]]);
  const early = stateOf(FORM, entered, [0, 1, 3]);
  assert.equal(early.canSubmit, false);
  assert.equal(early.summary, '1 field not yet in view: scroll on before you submit.');
  assert.equal(stateOf(FORM, entered).canSubmit, true);
});

test('a field that asks for a secret is warned of, and so is an answer that looks like one (T143)', () => {
  for (const key of [
    'password',
    'otp',
    'seed phrase',
    'apiKey',
    'Kennwort',
    'contraseña',
    'пароль',
    '密码',
  ]) {
    const field: ElicitationField = { key, required: true, input: { kind: 'string' } };
    assert.match(inputOf(field).warnings.join(), /looks like a secret/, key);
  }
  assert.deepEqual(inputOf(FIELDS[0] as ElicitationField).warnings, []);
  const form: ElicitationForm = {
    ...FORM,
    fields: [{ key: 'n', required: false, input: { kind: 'string' } }],
  };
  const token = new Map<number, Entered>([[0, { kind: 'text', text: `ghp_${'a'.repeat(36)}` }]]);
  assert.match(stateOf(form, token).answers[0]?.warning ?? '', /GitHub token/);
  assert.deepEqual(secretsIn(form, formAnswers(form, token, fits)), ['n']);
  const asked: ElicitationForm = {
    ...FORM,
    fields: [{ key: 'pin', required: false, input: { kind: 'string' } }],
  };
  assert.deepEqual(
    secretsIn(asked, formAnswers(asked, new Map(), fits)),
    [],
    'one that is left out is no secret',
  );
});

test('every text of the server is whole, and nothing in it is hidden', () => {
  fc.assert(
    fc.property(anyText, anyText, (message, title) => {
      const choices = [{ value: 'x', title }];
      const page = formPage({
        mode: 'form',
        message,
        fields: [
          { key: 'k', required: false, title, description: message, input: { kind: 'choice', choices } },
        ],
      });
      assert.ok(page.content.kind === 'form');
      const [input] = page.content.inputs;
      assert.ok(input?.control.kind === 'one');
      for (const shown of [input.name, input.control.choices[0]?.label ?? ''])
        assert.equal(restored(shown.replaceAll(/(?<=[\]$])\u200A\(/g, '(')), title);
      for (const shown of [page.message, input.description ?? '', input.name])
        assert.doesNotMatch(shown, /[\u200B\u202E\u{E0041}]/u);
    }),
  );
});

test('a proposal that holds what cannot be seen is told in full', () => {
  const field: ElicitationField = {
    key: 'n',
    required: false,
    defaultValue: 'a\u202Eb',
    input: { kind: 'string' },
  };
  assert.match(inputOf(field).warnings.join(), /cannot be seen: "a\\u202Eb"/);
});

test('a text that may have several lines has room for them, and one that is proposed with some keeps them', () => {
  const text = (more: object, defaultValue?: string): boolean => {
    const { control } = inputOf({
      key: 'n',
      required: false,
      ...(defaultValue === undefined ? {} : { defaultValue }),
      input: { kind: 'string', ...more },
    });
    return control.kind === 'text' && control.severalLines;
  };
  assert.deepEqual(
    [text({}), text({ maxLength: 80 }), text({ format: 'email' }), text({ pattern: 'x' })],
    [true, false, false, false],
  );
  assert.equal(text({ maxLength: 80 }, 'a\nb'), true);
});

test('many choices are a list to open, and a choice without a text can be read', () => {
  const choices = Array.from({ length: 7 }, (_, index) => ({ value: index === 0 ? '' : `v${index}` }));
  const { control } = inputOf({ key: 'n', required: true, input: { kind: 'choice', choices } });
  assert.ok(control.kind === 'one' && control.isLong && control.none === undefined);
  assert.equal(control.choices[0]?.label, '""');
});

test('an address is shown whole, with its host apart and in both ways of writing', () => {
  const content = pageAddress('https://xn--bcher-kva.example:8443/path?q=1#f', domainToUnicode);
  assert.ok(content.kind === 'address');
  const { warnings, ...address } = content.address;
  assert.deepEqual(address, {
    before: 'https://',
    host: 'xn--bcher-kva.example:8443',
    after: '/path?q=1#f',
    inLetters: 'bücher.example',
  });
  assert.equal(warnings.length, 2);
  const long = `https://a.example/${'x'.repeat(8_000)}`;
  const whole = pageAddress(long, domainToUnicode);
  assert.ok(whole.kind === 'address');
  assert.equal(whole.address.before + whole.address.host + whole.address.after, long);
  const page = pageOf({ mode: 'url', message: 'm', url: long }, whole);
  assert.equal(page.title, 'Server "notes" asks you to open a page');
});

test('what is odd about an address is said (T144)', () => {
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
