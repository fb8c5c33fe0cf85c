import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Awake } from '../../../src/rpc/awake';

/** An event loop that turns when it is told to. */
class Loop {
  now = 0;
  private waiting: (() => void)[] = [];
  readonly awake = new Awake(
    () => this.now,
    (turn) => this.waiting.push(turn),
  );

  get turns(): number {
    return this.waiting.length;
  }

  turn(ms: number): void {
    this.now += ms;
    const { waiting } = this;
    this.waiting = [];
    for (const each of waiting) each();
  }
}

test('the loop turns for a moment after something happened, and then sleeps', () => {
  const loop = new Loop();
  loop.awake.touch();
  const turns: number[] = [];
  for (let i = 0; i < 5; i++) {
    turns.push(loop.turns);
    loop.turn(0.02);
  }
  assert.deepEqual(turns, [1, 1, 1, 0, 0]);
});

test('what happens in the meantime prolongs it without a second round of turns', () => {
  const loop = new Loop();
  loop.awake.touch();
  loop.turn(0.05);
  for (let i = 0; i < 10; i++) loop.awake.touch();
  assert.equal(loop.turns, 1);
  loop.turn(0.05);
  assert.equal(loop.turns, 1);
  loop.turn(0.05);
  assert.equal(loop.turns, 0);
  loop.awake.touch();
  assert.equal(loop.turns, 1, 'it can be woken again');
});
