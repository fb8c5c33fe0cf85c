import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { IdTable } from '../../../src/base/idTable';

test('an id table holds what a map holds, for any order of coming and going', () => {
  const steps = fc.array(fc.record({ takes: fc.boolean(), which: fc.nat(), skip: fc.nat(300) }), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const table = new IdTable<string>();
      const model = new Map<number, string>();
      let next = 0;
      for (const { takes, which, skip } of list) {
        if (takes && model.size > 0) {
          const id = [...model.keys()][which % model.size];
          assert.equal(table.take(id), model.get(id ?? -1));
          model.delete(id ?? -1);
        } else {
          next += 1 + skip;
          table.add(next, `value ${next}`);
          model.set(next, `value ${next}`);
        }
        assert.equal(table.size, model.size);
        for (const [id, value] of model) assert.equal(table.get(id), value);
      }
      assert.deepEqual(
        table.entries(),
        [...model].sort(([a], [b]) => a - b),
      );
      assert.deepEqual(
        table.takeAll(),
        [...model.keys()].sort((a, b) => a - b).map((id) => model.get(id)),
      );
      assert.equal(table.size, 0);
    }),
  );
});

test('what is no id finds nothing', () => {
  const table = new IdTable<string>();
  table.add(0, 'zero');
  for (const id of ['0', -256, 256, 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, '__proto__'])
    assert.equal(table.get(id) ?? table.take(id), undefined);
  assert.equal(table.take(0), 'zero');
  assert.equal(table.take(0), undefined);
});
