import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { JsonObject, JsonValue } from '../../../src/base/json';
import { planArguments } from '../../../src/presentation/argumentPlan';
import { boundsProblem, MAX_DEPTH, MAX_ENUM, MAX_NODES } from '../../../src/validation/schemaBounds';
import { SchemaValidator } from '../../../src/validation/schemaValidator';
import type { Validation } from '../../../src/validation/contract';
import { ManualClock } from '../transport/manualClock';

const WORKER = path.join(__dirname, 'schemaWorker.entry.js');
const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

let validator: SchemaValidator;
// The worker does not keep the process alive; something has to while it works.
let keepAlive: ReturnType<typeof setInterval>;

before(() => {
  keepAlive = setInterval(() => undefined, 1_000);
});

beforeEach(() => {
  validator ??= new SchemaValidator(WORKER);
});

after(() => {
  clearInterval(keepAlive);
  validator.dispose();
});

async function kindOf(schema: JsonObject, value: JsonValue): Promise<Validation['kind']> {
  return (await validator.validate(schema, value)).kind;
}

async function errorsOf(
  schema: JsonObject,
  value: JsonValue,
): Promise<readonly { path: string; message: string }[]> {
  const outcome = await validator.validate(schema, value);
  return outcome.kind === 'invalid' ? outcome.errors : [];
}

test('values are checked, and what is wrong is named with its place', async () => {
  const schema = {
    type: 'object',
    properties: {
      level: { enum: ['low', 'high'] },
      place: { type: 'object', properties: { lat: { type: 'number', maximum: 90 } } },
    },
    required: ['level'],
    additionalProperties: false,
  };
  assert.equal(await kindOf(schema, { level: 'low', place: { lat: 1 } }), 'valid');
  assert.deepEqual(await errorsOf(schema, {}), [{ path: '', message: '"level" is required' }]);
  assert.deepEqual(await errorsOf(schema, { level: 'mid' }), [
    { path: '/level', message: 'must be one of "low", "high"' },
  ]);
  assert.deepEqual(await errorsOf(schema, { level: 'low', place: { lat: '1' } }), [
    { path: '/place/lat', message: 'must be number' },
  ]);
  assert.deepEqual(await errorsOf(schema, { level: 'low', extra: 1 }), [
    { path: '', message: '"extra" is not declared' },
  ]);
});

test('names of the prototype are names like any other', async () => {
  assert.equal(await kindOf({ type: 'object', required: ['toString'] }, {}), 'invalid');
  assert.equal(
    await kindOf({ type: 'object', properties: { constructor: { type: 'string' } } }, {}),
    'valid',
  );
});

test('of a value that is wrong everywhere twenty places are told', async () => {
  const wrong = Array.from({ length: 500 }, () => 'x');
  assert.equal((await errorsOf({ items: { type: 'number' } }, wrong)).length, 20);
});

test('a schema that wants to be checked later, in a way of the checker alone, is not checked, and never valid', async () => {
  for (const schema of [
    { $async: true, type: 'string' },
    { allOf: [{ $async: true, type: 'string' }] },
    { $defs: { later: { $async: true, type: 'string' } }, $ref: '#/$defs/later' },
  ])
    assert.equal(await kindOf(schema, 1), 'unchecked', JSON.stringify(schema));
  assert.equal(await kindOf({ type: 'string' }, 'x'), 'valid', 'and the checker goes on');
});

test('patterns and formats are checked', async () => {
  assert.equal(await kindOf({ type: 'string', pattern: '^[A-Z]{2}$' }, 'AB'), 'valid');
  assert.equal(await kindOf({ type: 'string', pattern: '^[A-Z]{2}$' }, 'abc'), 'invalid');
  assert.equal(await kindOf({ type: 'string', format: 'date' }, '2026-02-30'), 'invalid');
  assert.equal(await kindOf({ type: 'string', format: 'email' }, 'a@b.example'), 'valid');
  assert.equal(await kindOf({ type: 'string', format: 'no-such-format' }, 'x'), 'valid');
  assert.equal(
    await kindOf({ type: 'string', pattern: '^\\-x$' }, '-x'),
    'valid',
    'not valid under the u flag',
  );
});

test('a part of a schema is checked with references resolved in the whole', async () => {
  const schema = {
    $defs: { it: { type: 'string', minLength: 2 } },
    type: 'object',
    properties: { 'a/b %': { $ref: '#/$defs/it' } },
  };
  const plan = planArguments(schema);
  const pointer = plan.kind === 'fields' ? (plan.fields[0]?.pointer ?? '') : '';
  assert.equal((await validator.validate(schema, 'ab', pointer)).kind, 'valid');
  assert.equal((await validator.validate(schema, 'a', pointer)).kind, 'invalid');
  assert.equal(
    await kindOf(schema, { 'a/b %': 'ab' }),
    'valid',
    'the whole is not taken for the part before',
  );
});

test('each dialect is read in its own way, and unknown ones are not checked', async () => {
  const tuple = { type: 'array', items: [{ type: 'string' }], additionalItems: false };
  assert.equal(await kindOf({ $schema: DRAFT_07, ...tuple }, ['a', 'b']), 'invalid');
  const prefixed = { type: 'array', prefixItems: [{ type: 'string' }], items: false };
  for (const named of [{}, { $schema: 'https://json-schema.org/draft/2020-12/schema' }]) {
    assert.equal(await kindOf({ ...named, ...prefixed }, ['a']), 'valid', 'no tuple of an older dialect');
    assert.equal(await kindOf({ ...named, ...prefixed }, ['a', 'b']), 'invalid');
  }
  const closed = { ...tuple, contains: { type: 'string' }, maxContains: 0 };
  const DRAFT_2019 = 'https://json-schema.org/draft/2019-09/schema';
  assert.equal(await kindOf({ $schema: DRAFT_2019, ...tuple }, ['a', 'b']), 'invalid');
  assert.equal(await kindOf({ $schema: DRAFT_2019, ...closed }, ['a']), 'invalid');
  assert.equal(await kindOf({ $schema: DRAFT_07, ...closed }, ['a']), 'valid', 'it knows no maxContains');
  assert.equal(
    await kindOf({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' }, 1),
    'unchecked',
  );
  assert.equal(await kindOf({ $schema: 7 }, 1), 'unchecked');
});

test('an identifier never makes one schema stand for another', async () => {
  for (const $id of ['x', DRAFT_07, 'https://json-schema.org/draft/2020-12/schema']) {
    assert.equal(await kindOf({ $id, type: 'string' }, 'a'), 'valid');
    assert.equal(await kindOf({ $id, type: 'number' }, 'a'), 'invalid', $id);
  }
});

test('references that lead outside are not followed', async () => {
  for (const $ref of ['http://127.0.0.1:9/s.json', 'file:///etc/passwd', '#/$defs/none']) {
    const outcome = await validator.validate({ $ref }, 1);
    assert.equal(outcome.kind, 'unchecked', $ref);
  }
});

test('a schema that refers to itself is checked', async () => {
  const schema = {
    $defs: { n: { type: 'object', properties: { c: { $ref: '#/$defs/n' } }, additionalProperties: false } },
    $ref: '#/$defs/n',
  };
  assert.equal(await kindOf(schema, { c: { c: {} } }), 'valid');
  assert.equal(await kindOf(schema, { c: { d: {} } }), 'invalid');
});

test('a pattern that never ends is given up after a second, and this thread does not wait for it', async () => {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const started = performance.now();
  const slow = validator.validate({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`);
  const next = validator.validate({ type: 'string' }, 'x');
  assert.equal((await slow).kind, 'unchecked');
  assert.ok(performance.now() - started < 5_000);
  assert.equal((await next).kind, 'valid', 'the next check gets a new worker');
  delay.disable();
  assert.ok(delay.max / 1e6 < 500, `${delay.max / 1e6} ms`);
});

test('a schema that explodes is given up', async () => {
  const $defs: Record<string, JsonValue> = { d0: { type: 'string' } };
  for (let level = 1; level <= 30; level += 1)
    $defs[`d${level}`] = { allOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] };
  assert.equal(await kindOf({ $defs, $ref: '#/$defs/d30' }, 'x'), 'unchecked');
  assert.equal(await kindOf({ type: 'string' }, 'x'), 'valid');
});

test('a check that needs more memory than the worker may have ends the worker alone', async () => {
  // Its deadline never comes.
  const patient = new SchemaValidator(WORKER, new ManualClock());
  const wrong = `[${'1,'.repeat(1_000_000)}1]`;
  assert.deepEqual(await patient.validateJson({ items: { type: 'string' } }, wrong), {
    kind: 'unchecked',
    reason: 'the schema needs too much memory to be checked',
  });
  assert.equal((await patient.validate({ type: 'string' }, 'x')).kind, 'valid');
  patient.dispose();
});

test('JSON text is parsed by the worker, and text that is none is not checked', async () => {
  assert.equal((await validator.validateJson({ type: 'object' }, '{"a":1}')).kind, 'valid');
  assert.equal((await validator.validateJson({ type: 'object' }, '[1]')).kind, 'invalid');
  assert.equal((await validator.validateJson({ type: 'object' }, '{')).kind, 'unchecked');
  const large = JSON.stringify('x'.repeat(3_000_000));
  assert.equal((await validator.validateJson({ type: 'string' }, large)).kind, 'unchecked');
});

test('schemas beyond the bounds never reach the worker', async () => {
  let deep: JsonValue = {};
  for (let level = 0; level <= MAX_DEPTH; level += 1) deep = { not: deep };
  const wide = Object.fromEntries([...Array(MAX_NODES + 1).keys()].map((index) => [`p${index}`, {}]));
  const cases: [JsonObject, RegExp][] = [
    [deep, /deeper/],
    [{ properties: wide }, /parts/],
    [{ enum: [...Array(MAX_ENUM + 1).keys()] }, /entries/],
    [{ description: 'x'.repeat(300_000) }, /256 KB/],
    [{ properties: { ['k'.repeat(300_000)]: {} } }, /256 KB/],
  ];
  for (const [schema, reason] of cases) {
    assert.match(boundsProblem(schema) ?? '', reason);
    const outcome = await validator.validate(schema, 1);
    assert.equal(outcome.kind, 'unchecked');
  }
  assert.equal(boundsProblem({ type: 'object', properties: { a: { enum: [1, 2, { b: 3 }] } } }), undefined);
});

test('a worker that cannot start leaves everything unchecked', async () => {
  const broken = new SchemaValidator(path.join(__dirname, 'no-such-file.js'));
  const outcome = await broken.validate({ type: 'string' }, 1);
  assert.equal(outcome.kind, 'unchecked');
  broken.dispose();
});

test('disposing settles what is open', async () => {
  const other = new SchemaValidator(WORKER);
  const open = [other.validate({ type: 'string' }, 1), other.validate({ type: 'string' }, 1)];
  other.dispose();
  for (const outcome of await Promise.all(open)) assert.equal(outcome.kind, 'unchecked');
  assert.equal((await other.validate({}, 1)).kind, 'unchecked');
});

test('a worker that has had nothing to do for a minute ends, and the next check has another one', async () => {
  const workers: Worker[] = [];
  const onWorker = (message: unknown): void => void workers.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', onWorker);
  const clock = new ManualClock();
  const idle = new SchemaValidator(WORKER, clock);
  const check = async (): Promise<number> => {
    assert.equal((await idle.validate({ type: 'number' }, 1)).kind, 'valid');
    return workers.length;
  };
  assert.equal(await check(), 1);
  clock.advance(59_999);
  assert.equal(await check(), 1, 'and the minute begins anew');
  clock.advance(59_999);
  assert.equal(await check(), 1);
  const [first] = workers;
  const ended = first && once(first, 'exit');
  clock.advance(60_000);
  assert.equal(await check(), 2);
  await ended;
  idle.dispose();
  unsubscribe('worker_threads', onWorker);
});

test('a checker that cannot be loaded says so, and blames no schema', async () => {
  const broken = new SchemaValidator(path.join(__dirname, 'not-there.js'));
  for (const value of [1, 2])
    assert.deepEqual(await broken.validate({ type: 'number' }, value), {
      kind: 'unchecked',
      reason: 'the checker did not start',
    });
  broken.dispose();
});
