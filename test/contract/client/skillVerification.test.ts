/** A file of a skill is passed on only when it is the one that was listed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { ClientHarness, failureOf, paramsOf } from '../../support/clientHarness';
import { entry, FORMS, listed, MARKDOWN, open, serving, SUPPORT, URI } from './servingSkills';

const TAMPERED: Readonly<Record<string, readonly [read: JsonObject, entry: JsonObject, why: RegExp]>> = {
  'of another content': [{ text: MARKDOWN.replace('Body', 'Evil') }, {}, /SHA-256/],
  'of another size': [{ text: `${MARKDOWN}more` }, {}, /bytes instead of/],
  'with another frontmatter than listed': [
    {},
    { frontmatter: { name: 'pdf-processing', description: 'Something else' } },
    /1 of the fields/,
  ],
  'with a field that the list does not have': [
    {},
    { frontmatter: { name: 'pdf-processing', description: 'Fill PDF forms', license: 'MIT' } },
    /1 of the fields/,
  ],
};

for (const [name, [read, change, why]] of Object.entries(TAMPERED))
  test(`a SKILL.md ${name} is refused, and so is every other file of its skill until it is listed anew`, async () => {
    const harness = await ClientHarness.connected(serving([entry(change)], { [URI]: read }).modern);
    await harness.host.request('list', { kind: 'skills' });
    const first = await failureOf(open(harness));
    assert.ok(first.code === 'refused' && why.test(first.detail), JSON.stringify(first));
    for (const path of ['references/FORMS.md', 'SKILL.md'])
      assert.equal((await failureOf(open(harness, path))).code, 'refused');
    assert.deepEqual(
      harness.sent('resources/read').map((frame) => paramsOf(frame)['uri']),
      [URI],
      'nothing more of it is asked for',
    );
    await harness.host.request('list', { kind: 'skills' });
    assert.equal((await open(harness, 'references/FORMS.md')).length, 1);
    await harness.end();
  });

test('a SKILL.md is read as other programs write it: quotes over several lines, and their escapes', async () => {
  const description = 'Fill PDF forms: use it for café menus, forms, or document extraction, or reports.';
  const written = [
    "'Fill PDF forms: use it for café menus,\n  forms, or document extraction, or reports.'",
    '"Fill PDF forms: use it for caf\\xE9 menus, forms,\\\n  \\ or document extraction, or reports."',
  ];
  for (const value of written) {
    const text = `---\nname: pdf-processing\ndescription: ${value}\n---\nBody.\n`;
    const skill = entry({
      frontmatter: { name: 'pdf-processing', description },
      resources: [listed(URI, text)],
    });
    const harness = await ClientHarness.connected(serving([skill], { [URI]: { text } }).modern);
    await harness.host.request('list', { kind: 'skills' });
    assert.deepEqual(await open(harness), [{ uri: URI, text }]);
    await harness.end();
  }
});

for (const [name, bytes] of Object.entries({
  'whose frontmatter is no YAML': Buffer.from('---\nname: pdf: processing\n---\n'),
  'whose frontmatter has an alias': Buffer.from('---\nname: &a pdf-processing\ndescription: *a\n---\n'),
  'that is no text': Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]),
}))
  test(`a listed SKILL.md ${name} is refused as what it is, and bars nothing`, async () => {
    const skill = entry({ resources: [listed(URI, bytes), listed(FORMS, SUPPORT)] });
    const answers = serving([skill]).modern;
    const file = { uri: URI, blob: bytes.toString('base64') };
    const read = answers.get('resources/read');
    answers.set('resources/read', (params, request) =>
      params['uri'] === URI ? { contents: [file] } : read?.(params, request),
    );
    const harness = await ClientHarness.connected(answers);
    await harness.host.request('list', { kind: 'skills' });
    const failure = await failureOf(open(harness));
    assert.ok(failure.code === 'refused' && /cannot be read|no UTF-8/.test(failure.detail));
    assert.doesNotMatch(failure.detail, /not the one/);
    assert.deepEqual(await open(harness, 'references/FORMS.md'), [{ uri: FORMS, text: SUPPORT }]);
    await harness.end();
  });

test('a supporting file that was tampered with bars its skill too', async () => {
  const harness = await ClientHarness.connected(serving([entry()], { [FORMS]: { text: 'x' } }).legacy);
  await harness.host.request('list', { kind: 'skills' });
  assert.equal((await failureOf(open(harness, 'references/FORMS.md'))).code, 'refused');
  assert.equal((await failureOf(open(harness))).code, 'refused');
  assert.equal(harness.sent('resources/read').length, 1);
  await harness.end();
});

test('of several files in flight none gets through once one of them was tampered with', async () => {
  const answers = serving([entry()], { [URI]: { text: 'x' } }).modern;
  const read = answers.get('resources/read');
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  answers.set('resources/read', async (params, request) => {
    if (params['uri'] === FORMS) await gate;
    return await read?.(params, request);
  });
  const harness = await ClientHarness.connected(answers);
  await harness.host.request('list', { kind: 'skills' });
  const late = failureOf(open(harness, 'references/FORMS.md'));
  assert.equal((await failureOf(open(harness))).code, 'refused');
  release();
  assert.equal((await late).code, 'refused');
  await harness.end();
});

test('an answer about another file is invalid, and one among several counts by its address', async () => {
  const other = { uri: 'skill://other/SKILL.md', text: MARKDOWN };
  const answers = serving([entry()]).modern;
  let contents: JsonValue = [other];
  answers.set('resources/read', () => ({ contents }));
  const harness = await ClientHarness.connected(answers);
  await harness.host.request('list', { kind: 'skills' });
  assert.equal((await failureOf(open(harness))).code, 'invalid-result');
  contents = [other, { uri: 'skill://pdf-processing/%53KILL.md', text: MARKDOWN }];
  assert.deepEqual(
    (await open(harness)).map(({ text }) => text),
    [MARKDOWN],
  );
  await harness.end();
});

test('binary files are verified by their bytes', async () => {
  const bytes = Buffer.from([0, 255, 1, 2]);
  const uri = 'skill://pdf-processing/a.bin';
  const resources = [listed(URI, MARKDOWN), listed(uri, bytes)];
  const answers = serving([entry({ resources })]).modern;
  let blob = bytes.toString('base64');
  answers.set('resources/read', () => ({ contents: [{ uri, blob }] }));
  const harness = await ClientHarness.connected(answers);
  await harness.host.request('list', { kind: 'skills' });
  const { contents } = await harness.host.request('readSkillFile', { callId: 1, uri: URI, path: 'a.bin' });
  assert.deepEqual(contents[0]?.body, { kind: 'blob', data: new Uint8Array(bytes) });
  blob = Buffer.from([0, 255, 1, 3]).toString('base64');
  const request = harness.host.request('readSkillFile', { callId: 2, uri: URI, path: 'a.bin' });
  assert.equal((await failureOf(request)).code, 'refused');
  await harness.end();
});
