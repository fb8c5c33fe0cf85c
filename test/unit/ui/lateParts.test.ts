import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { LatePart, loadPart, PartMissingError } from '../../../src/ui/lateParts';

class Made {
  disposals = 0;

  dispose(): void {
    this.disposals += 1;
  }
}

test('a part is built once, however many ask for it at the same time', async () => {
  let loads = 0;
  const part = LatePart.of(
    async () => await Promise.resolve(++loads),
    () => new Made(),
  );
  assert.equal(part.ifMade, undefined);
  assert.equal(loads, 0);
  const [one, other] = await Promise.all([part.get(), part.get()]);
  assert.equal(one, other);
  assert.equal(await part.get(), one);
  assert.equal(part.ifMade, one);
  assert.equal(loads, 1);
});

test('a part whose code is missing says so, and is tried again with the next use', async () => {
  let isThere = false;
  const part = LatePart.of(
    async () => {
      if (!isThere) throw new Error('Cannot find module');
      return await Promise.resolve(Made);
    },
    (Code) => new Code(),
  );
  const both = await Promise.allSettled([part.get(), part.get()]);
  for (const each of both) {
    assert.ok(each.status === 'rejected' && each.reason instanceof PartMissingError);
    assert.match(each.reason.message, /Cannot find module/);
  }
  isThere = true;
  assert.ok((await part.get()) instanceof Made);
});

test('an error of building a part is not taken for missing code', async () => {
  const part = LatePart.of(
    async () => await Promise.resolve(Made),
    (): Made => {
      throw new TypeError('wrong');
    },
  );
  await assert.rejects(part.get(), TypeError);
  await assert.rejects(
    loadPart(async () => await Promise.reject(new Error('gone'))),
    PartMissingError,
  );
});

test('a part ends with its owner: one that comes later is released at once', async () => {
  const early = LatePart.of(
    async () => await Promise.resolve(Made),
    (Code) => new Code(),
  );
  const made = await early.get();
  early.dispose();
  early.dispose();
  assert.equal(made.disposals, 1);
  const code = new Deferred<typeof Made>();
  const late = LatePart.of(
    async () => await code.promise,
    (Code) => new Code(),
  );
  const coming = late.get();
  late.dispose();
  code.resolve(Made);
  assert.equal((await coming).disposals, 1);
});
