/** Rules as JSON: what is not whole is no rule, and no restriction is ever lost on the way. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { SamplingGrant } from '../../../src/policy/samplingGrants';
import { readGrant, storedGrant } from '../../../src/policy/storedGrants';
import { DAY, grant, MINUTE, NOW } from './grants';

const WHOLE: SamplingGrant = grant({
  scope: { kind: 'workspace', workspace: 'file:///work' },
  tool: 'poet',
  model: { key: 'acme/demo', name: 'Demo' },
  covers: ['media', 'context'],
  until: NOW + DAY,
  uses: [{ at: NOW - MINUTE, tokens: 7 }],
});
const stored = (of: SamplingGrant = WHOLE): Record<string, unknown> =>
  JSON.parse(JSON.stringify(storedGrant(of, NOW))) as Record<string, unknown>;

test('a rule is read back as it was', () => {
  assert.deepEqual(readGrant(stored()), WHOLE);
  const plain = grant({ scope: { kind: 'always' } });
  assert.deepEqual(readGrant(stored(plain)), plain);
});

test('uses of more than a day ago are not kept', () => {
  const uses = [
    { at: NOW - DAY, tokens: 1 },
    { at: NOW - DAY + 1, tokens: 2 },
  ];
  assert.deepEqual(readGrant(stored({ ...WHOLE, uses }))?.uses, uses.slice(1));
});

test('a rule of a session is none once it was stored', () => {
  assert.equal(readGrant(stored(grant())), undefined);
});

const DAMAGE: readonly (readonly [field: string, values: readonly unknown[]])[] = [
  ['id', [undefined, '', 1]],
  ['fingerprint', [undefined, '', 1, null]],
  ['serverId', [undefined, 1]],
  ['serverName', [undefined, 1]],
  ['scope', [undefined, 'always', {}, { kind: 'workspace' }, { kind: 'workspace', workspace: '' }]],
  ['tool', [null, 1, ['poet']]],
  ['model', [null, 'acme/demo', {}, { key: 'acme/demo' }, { key: 1, name: 'Demo' }]],
  [
    'bounds',
    [
      undefined,
      {},
      { ...WHOLE.bounds, tokensPerRequest: 1e9 },
      { ...WHOLE.bounds, hour: undefined },
      { ...WHOLE.bounds, day: { requests: '5', tokens: 1 } },
      { ...WHOLE.bounds, hour: { requests: 31, tokens: 1 } },
    ],
  ],
  ['covers', [undefined, 'media', ['media', 'tools']]],
  ['since', [undefined, '1', -1, null]],
  ['until', [null, 'never', -1]],
  ['uses', [undefined, {}, [[1]], [{ at: 1, tokens: 1 }], [[NOW, 1, 1]], [['1', 1]]]],
];
for (const [field, values] of DAMAGE)
  test(`a rule whose ${field} cannot be read is none`, () => {
    for (const value of values) {
      const damaged = stored();
      if (value === undefined) Reflect.deleteProperty(damaged, field);
      else damaged[field] = value;
      assert.equal(readGrant(damaged), undefined, JSON.stringify(value));
    }
  });

test('whatever is stored, reading it throws nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(stored())), (value, field) => {
      readGrant(value);
      readGrant({ ...stored(), [field]: value });
    }),
  );
});
