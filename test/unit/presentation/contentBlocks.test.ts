/** What stands in the document of a result beside the texts of its parts. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DocumentWriter, type WrittenDocument } from '../../../src/presentation/documentWriter';
import { promptDocument, resultDocument, type CallHeader } from '../../../src/presentation/resultDocument';
import type { ContentBlock, ToolCallResult } from '../../../src/protocol/content';

const HEADER: CallHeader = { server: 'demo', name: 't', when: 'now', took: '0.3 s', arguments: {} };

function result(content: readonly ContentBlock[], more: Partial<ToolCallResult> = {}): ToolCallResult {
  return { isError: false, content, ...more };
}

function body({ text }: WrittenDocument): string {
  return text.slice(text.indexOf('## '));
}

test('what a part holds beside what is shown of it stands below it as JSON', () => {
  const more = { kind: 'inline', text: '{\n  "_meta": 1\n}' } as const;
  const below = 'The server sent with it:\n\n```json\n{\n  "_meta": 1\n}\n```\n';
  const text = { type: 'text', text: { kind: 'inline', text: 'One.' }, more } as const;
  assert.equal(body(resultDocument(HEADER, result([text]), [])), `## Result\n\nOne.\n\n${below}`);
  const two = body(
    resultDocument(HEADER, result([text, { type: 'text', text: { kind: 'inline', text: 'Two.' } }]), []),
  );
  assert.equal(two, `## Result\n\n### Text\n\nOne.\n\n${below}\n### Text\n\nTwo.\n`);
  const prompt = promptDocument(HEADER, { messages: [{ role: 'user', content: text }] });
  assert.equal(body(prompt), `## User\n\nOne.\n\n${below}`);
  const json = { ...text, text: { kind: 'inline', text: '{"a":1}' } } as const;
  const structured = { kind: 'inline', text: '{\n  "a": 1\n}' } as const;
  assert.ok(
    resultDocument(HEADER, result([json], { structured }), []).text.endsWith(`}\n\`\`\`\n\n${below}`),
  );
});

test('hidden characters are told of wherever they stand', () => {
  const odd = { kind: 'inline', text: '"a\u202eb"' } as const;
  const text = { type: 'text', text: { kind: 'inline', text: 'One.' } } as const;
  const unknown = { type: 'unknown', reason: 'unknown type', json: odd } as const;
  for (const given of [
    result([{ ...text, more: odd }]),
    result([unknown]),
    result([text], { meta: odd }),
    result([text], { structured: odd }),
  ])
    assert.match(resultDocument(HEADER, given, []).text, /cannot be seen/);
  const prompt = promptDocument(HEADER, { messages: [{ role: 'user', content: { ...text, more: odd } }] });
  assert.match(prompt.text, /cannot be seen/);
  assert.doesNotMatch(resultDocument(HEADER, result([text]), []).text, /cannot be seen/);
});

test('line ends behind a text are left out, and take no time however many they are (T103)', () => {
  const shown = (text: string): string =>
    body(resultDocument(HEADER, result([{ type: 'text', text: { kind: 'inline', text } }]), []));
  for (const [text, left] of [
    ['a\n', 'a'],
    ['a\r\n\n\r\n', 'a'],
    ['a\r', 'a\r'],
    ['a\n\r', 'a\n\r'],
    ['a\n b', 'a\n b'],
  ] as const)
    assert.equal(shown(text), `## Result\n\n${left}\n`, JSON.stringify(text));
  const since = performance.now();
  shown(`${'\n'.repeat(60_000)}x${'\n'.repeat(60_000)}`);
  assert.ok(
    performance.now() - since < 200,
    'the main thread stands still no longer, whatever a server sends',
  );
});

test('a result with a million fences is shown (T103)', () => {
  const text = JSON.stringify({ a: '```b'.repeat(250_000) });
  const structured = { kind: 'inline', text } as const;
  const shown = body(resultDocument(HEADER, result([], { structured }), []));
  assert.ok(shown.includes(`\`\`\`\`json\n${text}\n\`\`\`\`\n`));
});

test('structured content is compared with the text that repeats it, whatever the order of its names, without a stall', () => {
  const items = Array.from({ length: 15_000 }, (_, id) => ({ id, name: `item ${id}`, size: id / 7 }));
  const structured = { kind: 'inline', text: JSON.stringify({ total: 1, items }) } as const;
  assert.ok(structured.text.length > 800_000 && structured.text.length < 1_000_000);
  const other = JSON.stringify({ items, total: 1 });
  const block = { type: 'text', text: { kind: 'inline', text: other } } as const;
  const since = performance.now();
  const shown = body(resultDocument(HEADER, result([block], { structured }), []));
  assert.ok(performance.now() - since < 200, 'the main thread stands still no longer');
  assert.ok(shown.includes(structured.text) && !shown.includes(other), 'once');
});

test('texts are looked at to see whether they are JSON up to a million characters of a document (T103)', () => {
  const json = (length: number): ContentBlock => {
    const text = `[${' '.repeat(length - 2)}]`;
    return { type: 'text', text: { kind: 'inline', text } };
  };
  const fences = (...lengths: readonly number[]): number =>
    resultDocument(HEADER, result(lengths.map(json)), []).text.split('```json\n').length - 1;
  assert.equal(fences(400_000, 600_000), 2);
  assert.equal(fences(400_000, 600_001, 600_000), 2, 'one that is too long takes nothing from the others');
});

test('of a thousand links with long descriptions the first ones are shown at length, and no more than the beginning of the others (T103)', () => {
  const links = (description: string, uri = 'demo://x'): WrittenDocument =>
    resultDocument(
      HEADER,
      result(Array.from({ length: 1_000 }, () => ({ type: 'resource_link', uri, name: 'n', description }))),
      [],
    );
  const many = links('word '.repeat(400));
  assert.ok(many.text.length < 400_000, `${many.text.length} characters`);
  assert.equal(many.links.length, 1_000);
  assert.equal(
    many.text.split('⟨… cut here, 2000 characters in all⟩').length - 1,
    1_000,
    'it is told of each',
  );
  const [, first = '', ...others] = many.text.split('Open n\n');
  assert.equal(first.split('word').length - 1, 352, 'eleven lines');
  assert.equal(others.at(-1)?.split('word').length, 33, 'one line');
  // Ordinary ones are whole, however many they are.
  const usual = links('x'.repeat(160), `demo://${'y'.repeat(293)}`).text;
  assert.equal(usual.split('x'.repeat(160)).length - 1, 1_000);
  assert.equal(usual.split('y'.repeat(293)).length - 1, 1_000);
  const addresses = links('', `demo://${'y'.repeat(900)}`).text;
  assert.ok(addresses.includes('y'.repeat(900)));
  assert.ok(addresses.length < 500_000, `${addresses.length} characters`);
});

test('a thousand parts of one name get names of their own, and each is looked for no more than twice', (t) => {
  const has = [t.mock.method(Set.prototype, 'has'), t.mock.method(Map.prototype, 'has')];
  const writer = new DocumentWriter();
  const names = Array.from({ length: 1_000 }, () =>
    writer.addFile({ name: 'a.md', content: '', isMedia: false }),
  );
  const looks = has.reduce((sum, { mock }) => sum + mock.callCount(), 0);
  t.mock.restoreAll();
  assert.deepEqual(names.at(-1), { kind: 'file', name: 'a 1000.md' });
  assert.equal(new Set(names.map((target) => JSON.stringify(target))).size, 1_000);
  assert.ok(looks <= 2_000, `${looks} looks`);
});
