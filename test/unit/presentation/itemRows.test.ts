import assert from 'node:assert/strict';
import { test } from 'node:test';

import { promptRow, resourceRow, toolRow } from '../../../src/presentation/itemRows';
import { formatBytes } from '../../../src/presentation/media';

const OWNER = { id: 'user/one', name: 'one' };

test('a title stands first and the name beside it; without a title the name stands alone', () => {
  const titled = toolRow(OWNER, { name: 'get_x', title: 'Get X', description: 'Gets it' });
  assert.equal(titled.label, 'Get X');
  assert.equal(titled.description, 'get_x');
  const bare = toolRow(OWNER, { name: 'get_x', description: 'Gets it\nand more' });
  assert.equal(bare.label, 'get_x');
  assert.equal(bare.description, 'Gets it');
});

test('a description that was written in lines is one text, and its row begins where it says something', () => {
  const row = toolRow(OWNER, {
    name: 'get_x',
    description: '\n    Gets it.\r\n\n    Args:\n        city: where\n',
  });
  assert.equal(row.description, 'Gets it.');
  assert.deepEqual(row.tooltip(), ['get_x', 'Gets it. Args: city: where']);
});

test('hints of a tool are told as claims of its server, and what it does not say is not told', () => {
  const tooltip = (annotations: Parameters<typeof toolRow>[1]['annotations']): string =>
    toolRow(OWNER, { name: 't', ...(annotations ? { annotations } : {}) })
      .tooltip()
      .join('|');
  assert.match(tooltip({ readOnlyHint: true }), /The server claims: read-only/);
  assert.match(
    tooltip({ readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true }),
    /The server claims: may destroy data, safe to repeat, reaches other systems/,
  );
  assert.doesNotMatch(tooltip({ readOnlyHint: true, destructiveHint: true }), /destroy/);
  for (const silent of [undefined, {}, { readOnlyHint: false, openWorldHint: false }])
    assert.doesNotMatch(tooltip(silent), /claims/);
});

test('texts of a server in rows are safe, wherever they stand', () => {
  const evil = '[x](command:evil) $(trash) \u202e\u200b';
  for (const row of [
    toolRow(OWNER, { name: evil, title: evil, description: evil }),
    resourceRow(OWNER, { uri: evil, name: evil, mimeType: evil }),
    promptRow(OWNER, { name: evil, arguments: [{ name: evil, required: true }] }),
  ])
    for (const text of [row.label, row.description ?? '', row.spoken ?? '', ...row.tooltip()])
      assert.doesNotMatch(text, /\]\(|\$\(|[\u202e\u200b]/);
});

test('required arguments of a prompt are marked', () => {
  const { tooltip } = promptRow(OWNER, {
    name: 'p',
    arguments: [
      { name: 'city', required: true },
      { name: 'state', required: false },
    ],
  });
  assert.deepEqual(tooltip().slice(-2), ['city (required)', 'state']);
});

test('a size is written as everywhere else, whatever a server claims it to be', () => {
  const tooltip = resourceRow(OWNER, { uri: 'a:b', name: 'b', size: 1_500_000 }).tooltip();
  assert.ok(tooltip.includes(formatBytes(1_500_000) as never), tooltip.join('|'));
});
