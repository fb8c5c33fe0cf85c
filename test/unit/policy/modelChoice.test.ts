import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTokenLimit,
  chooseModel,
  type ModelFacts,
  type ModelWish,
} from '../../../src/policy/modelChoice';

const model = (id: string, name = id, vendor = 'acme', family = id): ModelFacts => ({
  key: `${vendor}/${id}`,
  id,
  name,
  vendor,
  family,
});
const MODELS = [
  model('base-1'),
  model('base-1-mini'),
  model('base-1-pro'),
  model('other', 'Other Large', 'contoso'),
];

function choose(models: readonly ModelFacts[], wish: Partial<ModelWish>): { key?: string; text: string } {
  const pick = chooseModel(models, { preferences: { hints: [] }, ...wish });
  return pick.kind === 'model' ? { key: pick.model.key, text: pick.why } : { text: pick.reason };
}

test('without any model the reason says so', () => {
  assert.match(choose([], { picked: 'acme/base-1' }).text, /^No language model is installed/);
});

test('the model the person picked beats the entry, the hints and the priorities', () => {
  const wish = { picked: 'contoso/other', wanted: 'base', preferences: { hints: ['mini'], costPriority: 1 } };
  assert.deepEqual(choose(MODELS, wish), { key: 'contoso/other', text: 'You selected it for this server.' });
});

test('a pick that is not available is not replaced by another model', () => {
  const { key, text } = choose(MODELS, { picked: 'acme/gone' });
  assert.equal(key, undefined);
  assert.match(text, /"acme\/gone"\) is not available now/);
});

test('an entry that matches no model is not ignored', () => {
  const { key, text } = choose(MODELS, { wanted: 'sonnet' });
  assert.equal(key, undefined);
  assert.match(text, /No model matches "sonnet"/);
});

test('hints are tried in order, as parts of names, in any case, within what the entry allows', () => {
  assert.equal(choose(MODELS, { preferences: { hints: ['nothing', 'PRO', 'mini'] } }).key, 'acme/base-1-pro');
  assert.equal(choose(MODELS, { preferences: { hints: ['contoso'] } }).key, 'contoso/other');
  assert.equal(
    choose(MODELS, { wanted: 'base', preferences: { hints: ['contoso', 'mini'] } }).key,
    'acme/base-1-mini',
  );
});

test('priorities break a tie among the models of one hint', () => {
  assert.equal(
    choose(MODELS, { preferences: { hints: ['base'], speedPriority: 1 } }).key,
    'acme/base-1-mini',
  );
  assert.equal(
    choose(MODELS, { preferences: { hints: ['base'], intelligencePriority: 1 } }).key,
    'acme/base-1-pro',
  );
  assert.equal(choose(MODELS, { preferences: { hints: ['base'] } }).key, 'acme/base-1');
});

test('without hints the priorities decide where names tell small from large, else the order', () => {
  assert.equal(
    choose(MODELS, { preferences: { hints: [], costPriority: 0.9, intelligencePriority: 0.2 } }).key,
    'acme/base-1-mini',
  );
  assert.equal(
    choose(MODELS, { preferences: { hints: [], intelligencePriority: 0.9 } }).key,
    'acme/base-1-pro',
  );
  assert.equal(
    choose(MODELS, { preferences: { hints: [], costPriority: 0.5, intelligencePriority: 0.5 } }).key,
    'acme/base-1',
  );
  assert.equal(
    choose([model('a'), model('b')], { preferences: { hints: [], costPriority: 1 } }).key,
    'acme/a',
  );
});

test('the reason is one sentence in which hostile hints form no link', () => {
  const only = [model('demo')];
  assert.equal(choose(only, {}).text, 'It is the only model there is.');
  assert.match(choose(MODELS, {}).text, /^It is the first of 4 models/);
  const hint = 'demo';
  const hostile = choose([model('x', '[demo](command:a)')], {
    preferences: { hints: ['[demo](command:a)', hint] },
  });
  assert.ok(!hostile.text.includes(']('));
});

test('the token limit is the server’s within ours', () => {
  assert.equal(answerTokenLimit({ maxTokens: 200 }), 200);
  assert.equal(answerTokenLimit({ maxTokens: 1e9 }), 4_096);
});
