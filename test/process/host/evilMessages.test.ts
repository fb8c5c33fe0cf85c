/** Servers over HTTP that misbehave with what they say, by the ids of the abuse catalogue (T044 to T060, T077, T102). */

import assert from 'node:assert/strict';

import { failsSaying } from '../../support/failures';
import { eventually } from '../../support/processProbes';
import {
  act,
  bears,
  failsWith,
  meanwhile,
  refusedWith,
  runCases,
  stillServes,
  IMPATIENT,
  type Case,
} from './evilScene';

const CASES: readonly Case[] = [
  {
    mode: 'crossed',
    name: 'T077 an answer on the stream of another call settles the call that it names, once',
    run: async ({ real, evil, ask }) => {
      const first = act(real);
      await eventually(async () => (await evil.count('POST', 'tools/call')) === 1, 1_000, 'it came');
      await ask();
      assert.equal(await act(real, 'late'), 'for this one');
      assert.equal(await first, 'for the other');
      assert.equal(await act(real, 'again'), 'said again');
    },
  },
  {
    mode: 'replays',
    name: 'T077 an answer that is repeated is one answer',
    run: async (scene) => {
      assert.equal(await act(scene.real), 'once');
      await stillServes(scene);
    },
  },
  {
    mode: 'oddEvents',
    name: 'T077 lines that end with CR are read, other kinds of events and two values in one are not',
    run: async (scene) => {
      assert.equal(await act(scene.real), 'read');
      await stillServes(scene);
    },
  },
  {
    mode: 'listenCloses',
    name: 'T077 subscriptions that close at once are opened again with measure',
    run: async (scene) => {
      await meanwhile(scene, 2_500);
      const opened = await scene.evil.count('POST', 'subscriptions/listen');
      assert.ok(opened >= 1 && opened <= 3, `${opened} times`);
      await stillServes(scene);
    },
  },
  { mode: 'noise', name: 'T044 an answer that is no JSON fails its call', run: failsWith(/not valid/) },
  {
    mode: 'bom',
    name: 'T045 a byte order mark is no part of an answer',
    run: async ({ real }) => assert.equal(await act(real), 'with a mark'),
  },
  { mode: 'utf16', name: 'T045 UTF-16 fails its call', run: failsWith(/not valid/) },
  {
    mode: 'invalidUtf8',
    name: 'T047 bytes that are no UTF-8 are replaced',
    run: async ({ real }) => assert.equal(await act(real), '\ufffd\ufffd'),
  },
  { mode: 'deep', name: 'T049 an answer that is too deep is refused', run: failsWith(/nested|deep/) },
  {
    mode: 'otherIds',
    name: 'T050, T051 answers under other ids answer nothing',
    run: async ({ real }) => assert.equal(await act(real), 'this'),
  },
  {
    mode: 'prototype',
    name: 'T052 names of the prototype are data',
    run: async ({ real }) => {
      const { structured, isError } = await real.call('bad', 'act');
      assert.ok(structured?.kind === 'inline' && structured.text.includes('__proto__'));
      assert.equal(isError, false);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    },
  },
  {
    mode: 'changesFlood',
    name: 'T054 a flood of changes reads each list twice a second at most',
    run: async (scene) => {
      const before = await scene.evil.count('POST', 'tools/list');
      await meanwhile(scene, 2_000);
      const lists = (await scene.evil.count('POST', 'tools/list')) - before;
      assert.ok(lists <= 6, `${lists} times`);
      await bears(scene);
    },
  },
  { mode: 'logFlood', name: 'T055 a flood of messages, progress and updates is borne', run: bears },
  { mode: 'requestFlood', name: 'T056 a flood of requests is borne', run: bears },
  {
    mode: 'progressForEver',
    name: 'T058 progress keeps no call alive beyond its limit',
    entry: IMPATIENT,
    run: failsWith(/Not finished after 3 s/),
  },
  {
    mode: 'progressForEver',
    name: 'T059 a call that is cancelled ends at once, whatever comes behind it',
    run: async (scene) => {
      const abort = new AbortController();
      const call = failsSaying(scene.real.call('bad', 'act', {}, abort.signal), /Cancelled/);
      await eventually(async () => (await scene.evil.count('POST', 'tools/call')) > 0, 1_000, 'the call');
      abort.abort();
      await call;
      await stillServes(scene);
    },
  },
  {
    mode: 'lies',
    name: 'T060 a version of the future is refused with what is spoken',
    run: refusedWith(/unsupported-version/),
  },
  {
    mode: 'endlessPages',
    name: 'T102 pages without an end are cut',
    run: async ({ real, ask }) => {
      const tools = (): string => JSON.stringify(real.host.server('user/bad')?.catalog?.list('tools'));
      await real.until(() => tools().includes('"ready"'));
      assert.match(tools(), /more than 100 pages/);
      await ask();
    },
  },
];

runCases(CASES);
