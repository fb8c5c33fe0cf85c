/** Local servers that misbehave with what they say, one way per case, by the ids of the abuse catalogue (T044 to T061, T101 to T103). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { besiege, type Ask } from '../../support/siege';
import { hostile, textOf, type RealHost } from './realHost';

interface Case {
  readonly name: string;
  /** Arguments of the server. */
  readonly args?: readonly string[];
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly run: (real: RealHost, ask: Ask) => Promise<void>;
}

const IMPATIENT = { timeouts: { connect: 5, request: 1, total: 2 } };

async function stillServes(real: RealHost): Promise<void> {
  assert.equal(textOf(await real.call('bad', 'echo', { text: 'back' })), 'back');
}

function answersWith(tool: string, text: string): Case['run'] {
  return async (real) => {
    assert.equal(textOf(await real.call('bad', tool)), text);
    await stillServes(real);
  };
}

/** The tools of the server, once they are read. */
async function tools(real: RealHost): Promise<{ names: readonly string[]; rejected: number; cut: string }> {
  const state = (): ReturnType<NonNullable<ReturnType<typeof catalog>>['list']> | undefined =>
    catalog()?.list('tools');
  const catalog = (): NonNullable<ReturnType<RealHost['host']['server']>>['catalog'] =>
    real.host.server('user/bad')?.catalog;
  await real.until(() => state()?.kind === 'ready');
  const list = state();
  assert.ok(list?.kind === 'ready');
  const { items, rejected, cut } = list.listing;
  return {
    names: items.map((item) => ('name' in item ? item.name : '')),
    rejected: rejected.length,
    cut: cut?.reason ?? '',
  };
}

const CASES: readonly Case[] = [
  {
    name: 'T045, T046 marks and line ends are no part of a message',
    run: answersWith('marked', 'with a mark'),
  },
  { name: 'T047 bytes that are no UTF-8 are replaced', run: answersWith('notUtf8', '\ufffd\ufffd') },
  {
    name: 'T050, T051 answers under other ids, and second answers, answer nothing',
    run: answersWith('otherIds', 'this'),
  },
  {
    name: 'T052 names of the prototype are data',
    run: async (real) => {
      const { structured, isError } = await real.call('bad', 'prototype');
      assert.ok(structured?.kind === 'inline' && structured.text.includes('__proto__'));
      assert.equal(isError, false);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    },
  },
  {
    name: 'T057 a server that takes nothing any more costs its calls, within their time, and can be stopped',
    entry: IMPATIENT,
    run: async (real, ask) => {
      const deaf = failsSaying(real.call('bad', 'deaf'), /No answer/);
      const large = failsSaying(real.call('bad', 'echo', { text: 'x'.repeat(5_000_000) }), /No answer/);
      await ask();
      await Promise.all([deaf, large]);
      await real.host.stop('user/bad');
      assert.equal(real.state('bad').kind, 'stopped');
    },
  },
  {
    name: 'T058 progress keeps no call alive beyond its limit',
    entry: IMPATIENT,
    run: async (real, ask) => {
      const call = failsSaying(real.call('bad', 'progress'), /Not finished after 2 s/);
      await ask();
      await call;
      await stillServes(real);
    },
  },
  {
    name: 'T059 a call that is cancelled ends once, whatever comes behind it',
    run: async (real) => {
      const abort = new AbortController();
      const call = failsSaying(real.call('bad', 'progress', {}, abort.signal), /Cancelled/);
      abort.abort();
      abort.abort();
      await call;
      await stillServes(real);
    },
  },
  {
    name: 'T060 a version of the future is refused with what is spoken',
    args: ['--lies'],
    run: async (real) => {
      const state = real.state('bad');
      assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
      assert.equal(state.cause.failure.code, 'unsupported-version');
      await Promise.resolve();
    },
  },
  {
    name: 'T101 malformed items are told, and the others are there',
    args: ['--items'],
    run: async (real) => {
      const { names, rejected } = await tools(real);
      assert.ok(names.includes('echo'));
      assert.equal(rejected, 6);
      await stillServes(real);
    },
  },
  {
    name: 'T102 pages without an end are cut, and their tools stay',
    args: ['--pages', 'new'],
    run: async (real) => {
      const { names, cut } = await tools(real);
      assert.ok(names.includes('echo'));
      assert.match(cut, /more than/);
      await stillServes(real);
    },
  },
  {
    name: 'T102 a cursor that is given again ends the list',
    args: ['--pages', 'same'],
    run: async (real) => {
      assert.match((await tools(real)).cut, /repeats a cursor/);
      await stillServes(real);
    },
  },
  {
    name: 'T102 an empty cursor that leads nowhere else ends the list, which is whole',
    args: ['--pages', 'empty'],
    run: async (real) => {
      assert.equal((await tools(real)).cut, '');
      await stillServes(real);
    },
  },
];

for (const { name, args = [], entry = {}, run } of CASES)
  test(name, async () => {
    await besiege({ servers: { bad: { ...hostile(...args), ...entry } }, attack: run });
  });
