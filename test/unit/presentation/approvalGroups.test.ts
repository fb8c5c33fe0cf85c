import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ConsentEntry } from '../../../src/host/consentQueue';
import { approvalItems, groupRow, isGroup } from '../../../src/presentation/approvalGroups';
import { elicitation, launch, roots, sampling, samplingAnswer } from './waiting';

const FORM = { mode: 'form', message: 'm', fields: [] } as const;
const of = (callTitle: string, callId = 1) => ({ kind: 'call', callId, callTitle }) as const;

/** What stands in the view, by the ids of entries. */
function shown(entries: readonly ConsentEntry[]): unknown {
  return approvalItems(entries).map((item) => (isGroup(item) ? item.entries.map(({ id }) => id) : item.id));
}

test('several requests of one call stand together where the first of them would', () => {
  const entries = [
    launch({ command: 'node' }, { id: 1 }),
    sampling({}, { id: 2, cause: of('describe') }),
    elicitation(FORM, { id: 3, cause: of('other', 2) }),
    elicitation(FORM, { id: 4, cause: of('describe') }),
    samplingAnswer({}, { id: 5, cause: of('describe') }),
  ];
  assert.deepEqual(shown(entries), [1, [2, 4, 5], 3]);
  assert.deepEqual(shown(entries.slice(0, 3)), [1, 2, 3], 'one of a call stands alone');
});

test('one of several that a call waits for stands below that call from the first to the last', () => {
  const part = (index: number) => ({ ...of('plan'), part: { index, of: 3 } });
  const steps = [
    sampling({}, { id: 1, cause: part(1) }),
    elicitation(FORM, { id: 2, cause: part(2) }),
    roots({ id: 3, cause: part(3) }),
  ].map((entry) => approvalItems([entry]));
  const rows = steps.map(([item, ...more]) => {
    assert.deepEqual(more, []);
    return item && isGroup(item) ? groupRow(item) : assert.fail('it stands alone');
  });
  assert.deepEqual(
    rows.map(({ description }) => description),
    ['waits for answer 1 of 3', 'waits for answer 2 of 3', 'waits for answer 3 of 3'],
  );
  assert.equal(new Set(rows.map(({ id }) => id)).size, 1, 'it keeps its place');
});

test('what is only likely to be of a call, and what is of another server, is in no group', () => {
  const unsure = { kind: 'while-running', callTitles: ['describe'] } as const;
  const first = sampling({}, { id: 1, cause: of('describe') });
  assert.deepEqual(shown([first, elicitation(FORM, { id: 2, cause: unsure })]), [1, 2]);
  const elsewhere = { ...elicitation(FORM, { id: 2, cause: of('describe') }), serverId: 'user/notes' };
  assert.deepEqual(shown([first, elsewhere]), [1, 2], 'not even one of the same name');
  const again = elicitation(FORM, { id: 2, cause: of('describe', 2) });
  assert.deepEqual(shown([first, again]), [1, 2], 'nor another call of the same tool');
});

test('the row of a call names it and counts, keeps its place, and can be used for nothing', () => {
  const entries = [
    sampling({}, { id: 1, cause: of('a\u202Eb') }),
    elicitation(FORM, { id: 2, cause: of('a\u202Eb') }),
  ];
  const [group] = approvalItems(entries);
  assert.ok(group && isGroup(group));
  const row = groupRow(group);
  assert.equal(row.label, 'notes: a⟨U+202E⟩b');
  assert.equal(row.description, 'waits for 2 answers of yours');
  assert.equal(row.children, 'expanded');
  assert.equal(row.context, 'note');
  const third = [...entries, samplingAnswer({}, { id: 3, cause: of('a\u202Eb') })];
  const [more] = approvalItems(third);
  assert.ok(more && isGroup(more));
  assert.equal(groupRow(more).id, row.id, 'it stays open while requests come and go');
});
