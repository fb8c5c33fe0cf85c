/** Which decision settles which question, cell by cell: the one place through which every decision of a person goes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConsentQueue } from '../../../src/host/consentQueue';
import { FakeClock } from '../../support/fakeClock';
import { DECISIONS, FITTING, ROOTS } from './subjects';

const WHO = { serverId: 'user/x', serverName: 'x' };
for (const [what, subject, fitting] of FITTING)
  test(`${what} is settled by ${fitting.replaceAll(' ', ', ')}, and "not now" is none of them`, async () => {
    const signal = new AbortController().signal;
    for (const decision of DECISIONS) {
      const queue = new ConsentQueue(new FakeClock());
      const outcome = queue.ask(WHO, subject, { signal });
      const isFit = fitting.split(' ').includes(decision.kind);
      assert.equal(queue.decide(1, decision), isFit, decision.kind);
      if (isFit) assert.deepEqual(await outcome, decision);
      queue.dispose();
    }
    const queue = new ConsentQueue(new FakeClock());
    void queue.ask(WHO, subject, { signal });
    for (const kind of [
      'not-now',
      'dismissed',
      'expired',
      'withdrawn',
      '',
      'allow',
      'true',
      '__proto__',
      null,
      true,
    ])
      assert.ok(!queue.decide(1, { kind } as never), String(kind));
    assert.equal(queue.entries().length, 1);
    queue.dispose();
  });

test('only folders that were asked about can be shared, none of them too', async () => {
  const signal = new AbortController().signal;
  const queue = new ConsentQueue(new FakeClock());
  void queue.ask(WHO, ROOTS, { signal });
  for (const uris of [['file:///b'], ['file:///a', 'file:///b'], ['']])
    assert.ok(!queue.decide(1, { kind: 'share', uris }), uris.join());
  const none = { kind: 'share', uris: [] } as const;
  const outcome = queue.ask(WHO, ROOTS, { signal });
  assert.ok(queue.decide(2, none));
  assert.deepEqual(await outcome, none);
  queue.dispose();
});
