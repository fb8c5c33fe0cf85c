import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { launchPage } from '../../../src/presentation/launchReviewPage';
import { readPageMessage, type PageCard } from '../../../src/presentation/launchReviewMessages';
import { exactText } from '../../../src/policy/safeText';
import { launch, sampling } from './waiting';

function fieldsOf(card: PageCard | undefined): Record<string, readonly string[]> {
  return Object.fromEntries(
    (card?.fields ?? []).map(({ label, lines }) => [
      label,
      lines.map(({ text, number, remark }) =>
        [number, text, remark].filter((part) => part !== undefined).join(' '),
      ),
    ]),
  );
}

test('a card shows a launch in full', () => {
  const entry = launch({
    command: 'node',
    args: ['${workspaceFolder}/a.js', '', 'last one'],
    cwd: '/elsewhere',
    env: { MODE: 'fast', API_TOKEN: 'abcdefghijkl', OLD: null, HOME_OF: '${env:HOME}' },
  });
  const [card] = launchPage([entry]).cards;
  assert.equal(card?.name, 'server');
  assert.equal(card?.source, 'Set up in the settings of this workspace');
  assert.deepEqual(fieldsOf(card), {
    Command: ['node'],
    Program: ['/usr/bin/node'],
    Arguments: ['1 ${workspaceFolder}/a.js', '2 (empty)', '3 last one'],
    Folder: ['/w'],
    Environment: [
      'MODE=fast',
      'API_TOKEN is set; the value is not shown because it may be a secret',
      'OLD is removed',
      'HOME_OF=${env:HOME}',
    ],
    'Gets your variables': ['HOME'],
    'May ask for': [
      'answers of a language model during your calls; you decide each time',
      'the paths of your workspace folders; you choose which',
    ],
  });
});

test('every argument of a long command line is there, one per line, with nothing hidden', () => {
  const args = Array.from(
    { length: 300 },
    (_, index) => `${index}${' '.repeat(index % 9)}\u202Ex${'y'.repeat(50)}`,
  );
  const [card] = launchPage([launch({ command: 'node', args })]).cards;
  const shown = card?.fields.find(({ label }) => label === 'Arguments')?.lines.map(({ text }) => text);
  assert.deepEqual(shown, args.map(exactText));
});

test('a changed launch shows field by field what was approved before', () => {
  const before = { command: 'node', args: ['a.js'], env: { MODE: 'fast' }, sampling: 'off', roots: 'none' };
  const [card] = launchPage([launch({ command: 'node', args: ['-e', ''] }, { before })]).cards;
  const changes = card?.fields.flatMap((field) =>
    field.before
      ? [[field.label, field.lines.map(({ text }) => text), field.before.lines.map(({ text }) => text)]]
      : [],
  );
  assert.deepEqual(changes, [
    ['Arguments', ['-e', '(empty)'], ['a.js']],
    [
      'May ask for',
      [
        'answers of a language model during your calls; you decide each time',
        'the paths of your workspace folders; you choose which',
      ],
      ['nothing'],
    ],
    ['Environment', ['not set any more'], ['MODE=fast']],
  ]);
  assert.equal(card?.note, undefined);
});

test('a change that cannot be shown is said to be one', () => {
  const before = { command: 'node', env: { API_TOKEN: 'abcdefghijkl' } };
  const [card] = launchPage([
    launch({ command: 'node', env: { API_TOKEN: 'mnopqrstuvwx' } }, { before }),
  ]).cards;
  assert.match(card?.note ?? '', /not shown here: a value that may be a secret/);
  assert.ok(card?.fields.every((field) => field.before === undefined));
});

test('only servers without warnings that are not changed are selected', () => {
  const plain = launch({ command: 'node', args: ['a.js'] }, { id: 1 });
  const warned = launch({ command: 'npx', args: ['-y', 'thing'] }, { id: 2 });
  const changed = launch({ command: 'node', args: ['a.js'] }, { id: 3, changed: true });
  const { cards } = launchPage([plain, sampling(), warned, changed]);
  assert.deepEqual(
    cards.map(({ id, selected, changed: note, warnings }) => [id, selected, note, warnings.length > 0]),
    [
      [1, true, undefined, false],
      [2, false, undefined, true],
      [3, false, 'Changed since you approved it', false],
    ],
  );
});

test('a warning names its field as the card does, arguments counted from one', () => {
  const entry = launch({
    command: 'bash',
    args: ['-c', 'a\u202Eb'],
    cwd: '/w',
    env: { NODE_OPTIONS: '-r x' },
  });
  const [card] = launchPage([entry]).cards;
  assert.deepEqual(
    card?.warnings.map(({ field }) => field),
    ['Argument 2', 'Arguments', 'NODE_OPTIONS'],
  );
});

test('a page says ready, later, or decides about servers that it shows, each once', () => {
  const shown = new Set([1, 2, 3]);
  assert.deepEqual(readPageMessage({ type: 'ready' }, shown), { type: 'ready' });
  assert.deepEqual(readPageMessage({ type: 'later' }, shown), { type: 'later' });
  assert.deepEqual(readPageMessage({ type: 'decide', approve: [1, 3], deny: [] }, shown), {
    type: 'decide',
    approve: [1, 3],
    deny: [],
  });
  for (const bad of [
    undefined,
    null,
    'ready',
    [],
    { type: 'allow' },
    { type: 'ready', extra: 1 },
    { type: 'decide', approve: [4], deny: [] },
    { type: 'decide', approve: ['1'], deny: [] },
    { type: 'decide', approve: [1], deny: [1] },
    { type: 'decide', approve: [1, 1], deny: [] },
    { type: 'decide', approve: [1.5], deny: [] },
    { type: 'decide', approve: { 0: 1, length: 1 }, deny: [] },
    { type: 'decide', approve: [1] },
    { type: 'decide', approve: [1], deny: [], always: true },
  ])
    assert.equal(readPageMessage(bad, shown), undefined, JSON.stringify(bad));
});

test('whatever a page sends, only ids that it shows come through', () => {
  const shown = new Set([1, 2]);
  const ids = fc.array(fc.oneof(fc.constantFrom(1, 2), fc.anything()), { maxLength: 4 });
  const nearly = fc.record({
    type: fc.constantFrom('decide', 'ready', '__proto__'),
    approve: ids,
    deny: ids,
  });
  fc.assert(
    fc.property(fc.oneof(nearly, fc.anything()), (raw) => {
      const message = readPageMessage(raw, shown);
      if (message?.type !== 'decide') return;
      const all = [...message.approve, ...message.deny];
      assert.ok(all.every((id) => shown.has(id)));
      assert.equal(new Set(all).size, all.length);
    }),
    { numRuns: 5_000 },
  );
});
