import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Emitter } from '../../../src/base/event';
import { ModelError, type ListedModel, type ModelChoice } from '../../../src/host/ports';
import type { ModelSource } from '../../../src/platform/modelSource';
import { ModelSources } from '../../../src/platform/modelSources';
import { request } from '../../support/modelEndpoint';

const EDITOR: ListedModel = {
  key: 'acme/base',
  id: 'base',
  name: 'Base',
  vendor: 'acme',
  family: 'base',
  allowedByEditor: false,
};
const LOCAL: ListedModel = {
  key: 'endpoint:http://127.0.0.1:1/v1#local',
  id: 'local',
  name: 'local',
  vendor: '127.0.0.1:1',
  family: 'local',
  allowedByEditor: true,
  endpointHost: '127.0.0.1:1',
};

interface Played extends ModelSource {
  readonly changed: Emitter<void>;
  readonly asked: string[];
}

function source(
  prefix: string,
  models: readonly ListedModel[] | ModelError,
  change: Partial<ModelSource> = {},
): Played {
  const changed = new Emitter<void>();
  const asked: string[] = [];
  return {
    changed,
    asked,
    onDidChange: changed.event,
    takesTools: false,
    owns: (key) => key.startsWith(prefix),
    whyNotSendable: () => undefined,
    list: () => (models instanceof ModelError ? Promise.reject(models) : Promise.resolve(models)),
    send: (key) => {
      asked.push(key);
      return Promise.resolve({ role: 'assistant', text: key, model: key });
    },
    ...change,
  };
}

function sources(editor: ModelSource, endpoint: ModelSource, picked?: string): ModelSources {
  return new ModelSources([editor, endpoint], { samplingModel: () => picked });
}

async function choose(of: ModelSources, wanted?: string): Promise<ModelChoice> {
  return await of.choose(request(), wanted, 'user/s');
}

async function reasonOf(of: ModelSources): Promise<string> {
  const choice = await choose(of);
  return choice.kind === 'none' ? choice.reason : assert.fail(choice.id);
}

test('models of the editor come first; those of the endpoint answer where there is no other, by wish or by pick', async () => {
  const editor = source('acme/', [EDITOR]);
  const endpoint = source('endpoint:', [LOCAL]);
  assert.deepEqual(await choose(sources(editor, endpoint)), {
    kind: 'model',
    id: 'acme/base',
    name: 'Base',
    vendor: 'acme',
    why: 'It is the first of 2 models; the server has no wish that tells them apart.',
    allowedByEditor: false,
  });
  const local: ModelChoice = {
    kind: 'model',
    id: LOCAL.key,
    name: 'local',
    vendor: '127.0.0.1:1',
    why: 'It is the only model there is. It is at 127.0.0.1:1, the model endpoint of your settings.',
    allowedByEditor: true,
    systemRole: true,
  };
  assert.deepEqual(await choose(sources(source('acme/', []), endpoint)), local);
  const picked = await choose(sources(editor, endpoint, LOCAL.key));
  assert.match(picked.kind === 'model' ? picked.why : '', /^You selected it for this server\. It is at 127/);
  const wanted = await choose(sources(editor, endpoint), 'loc');
  assert.equal(wanted.kind === 'model' ? wanted.id : '', LOCAL.key);
});

test('a model is only chosen of a source that can carry the request; else the reason is said', async () => {
  const cannot = (reason: string): Partial<ModelSource> => ({ whyNotSendable: () => reason });
  const editor = source('acme/', [EDITOR], cannot('The editor cannot.'));
  const choice = await choose(sources(editor, source('endpoint:', [LOCAL])));
  assert.equal(choice.kind === 'model' ? choice.id : '', LOCAL.key);
  const none = sources(editor, source('endpoint:', [LOCAL], cannot('The endpoint cannot.')));
  assert.equal(await reasonOf(none), 'The editor cannot. The endpoint cannot.');
  // What is not there is no obstacle.
  assert.match(
    await reasonOf(sources(source('acme/', [], cannot('The editor cannot.')), source('endpoint:', []))),
    /^No language model is installed.*mcpHost\.sampling\.endpoint/,
  );
  const picked = sources(editor, source('endpoint:', [LOCAL]), EDITOR.key);
  assert.equal(
    await reasonOf(picked),
    'The model that you selected for this server ("acme/base") is not available now. The editor cannot.',
  );
});

test('a source that cannot be listed costs nobody the models of the other, and says why where nothing else is left (T142)', async () => {
  const broken = source('endpoint:', new ModelError('The model endpoint is not running.'));
  const choice = await choose(sources(source('acme/', [EDITOR]), broken));
  assert.equal(choice.kind === 'model' ? choice.id : '', 'acme/base');
  assert.equal(await reasonOf(sources(source('acme/', []), broken)), 'The model endpoint is not running.');
  const picked = sources(source('acme/', [EDITOR]), broken, LOCAL.key);
  assert.match(await reasonOf(picked), /is not available now\. The model endpoint is not running\.$/);
  assert.deepEqual(await sources(source('acme/', [EDITOR]), broken).list(), {
    models: [EDITOR],
    problems: ['The model endpoint is not running.'],
  });
});

test('a request goes to the source whose model was allowed, and nowhere when it cannot carry it', async () => {
  const editor = source('acme/', [EDITOR]);
  const endpoint = source('endpoint:', [LOCAL]);
  const { signal } = new AbortController();
  await sources(editor, endpoint).send(LOCAL.key, request(), signal);
  assert.deepEqual([editor.asked, endpoint.asked], [[], [LOCAL.key]]);
  const told: ModelError[] = [];
  const stuck = source('endpoint:', [LOCAL], { whyNotSendable: () => 'It cannot.' });
  const both = sources(editor, stuck);
  both.onDidFail((error) => told.push(error));
  await assert.rejects(both.send(LOCAL.key, request(), signal), /It cannot/);
  await assert.rejects(both.send('other:x', request(), signal), /not available any more/);
  assert.deepEqual([stuck.asked, told.map(({ forPerson }) => forPerson).length], [[], 2]);
});

test('the person is told of a failure, but not of one after nobody waited any more', async () => {
  const endpoint = source('endpoint:', [LOCAL], { send: () => Promise.reject(new Error('quota [x](y)')) });
  const both = sources(source('acme/', []), endpoint);
  const told: string[] = [];
  both.onDidFail(({ forPerson }) => told.push(forPerson));
  const abort = new AbortController();
  await assert.rejects(both.send(LOCAL.key, request(), abort.signal), ModelError);
  abort.abort();
  await assert.rejects(both.send(LOCAL.key, request(), abort.signal), ModelError);
  assert.equal(told.length, 1);
  assert.ok(!told[0]?.includes(']('));
});

test('changes of any source are changes of all, until nobody listens any more; tools are taken where one takes them', () => {
  const editor = source('acme/', []);
  const endpoint = source('endpoint:', [], { takesTools: true });
  const both = sources(editor, endpoint);
  let changes = 0;
  both.onDidChange(() => changes++);
  editor.changed.fire();
  endpoint.changed.fire();
  assert.deepEqual([changes, both.takesTools, sources(editor, editor).takesTools], [2, true, false]);
  both.dispose();
  editor.changed.fire();
  assert.equal(changes, 2);
});

test('for a request only models are listed that can be asked it, and why others cannot is told', async () => {
  const editor = source('acme/', [EDITOR], { whyNotSendable: () => 'No tools here.' });
  const all = sources(editor, source('endpoint:', [LOCAL]));
  assert.deepEqual(await all.list(request()), { models: [LOCAL], problems: ['No tools here.'] });
  assert.deepEqual(await all.list(), { models: [EDITOR, LOCAL], problems: [] });
  const none = sources(
    source('acme/', [], { whyNotSendable: () => 'No tools here.' }),
    source('endpoint:', [LOCAL]),
  );
  assert.deepEqual((await none.list(request())).problems, [], 'what is not there is no obstacle');
});

test('the beginning of an answer is told on its way through', async () => {
  const editor = source('acme/', [EDITOR], {
    send: (key, _request, _signal, onText) => {
      onText?.('so far');
      return Promise.resolve({ role: 'assistant', text: 'so far so good', model: key });
    },
  });
  const told: string[] = [];
  await sources(editor, source('endpoint:', [])).send(
    EDITOR.key,
    request(),
    new AbortController().signal,
    (text) => told.push(text),
  );
  assert.deepEqual(told, ['so far']);
});
