import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageFor } from '../../../src/presentation/languages';
import { formatBytes, isShowable, sniffMedia } from '../../../src/presentation/media';
import { resourceFile } from '../../../src/presentation/resourceFile';
import { formatTook } from '../../../src/presentation/callLabels';
import type { ResourceContents } from '../../../src/protocol/content';

function png(width: number, height: number, length = 64): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

function blob(uri: string, data: Uint8Array, mimeType?: string): ResourceContents {
  return { uri, body: { kind: 'blob', data }, ...(mimeType === undefined ? {} : { mimeType }) };
}

function text(uri: string, mimeType?: string): ResourceContents {
  return {
    uri,
    body: { kind: 'text', text: { kind: 'inline', text: 'x' } },
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

test('the type chooses the language, the name only where the type says nothing', () => {
  const cases: [string | undefined, string, string | undefined][] = [
    ['application/json', 'x', 'mcp-json'],
    ['application/vnd.api+json; charset=utf-8', 'x', 'mcp-json'],
    ['image/svg+xml', 'x', 'mcp-xml'],
    ['text/markdown', 'a.json', 'mcp-markdown'],
    ['text/plain', 'a.py', 'mcp-python'],
    ['text/plain', 'notes', undefined],
    [undefined, 'script.SH', 'mcp-shellscript'],
    ['not a type', 'a.css', 'mcp-css'],
    ['text/html\nX: y', 'a', undefined],
    [undefined, '__proto__', undefined],
  ];
  for (const [type, name, language] of cases)
    assert.equal(languageFor(type, name), language, `${type ?? ''} ${name}`);
});

test('pictures are told by their bytes, with their size', () => {
  assert.deepEqual(sniffMedia(png(240, 120)), {
    kind: 'image',
    extension: 'png',
    size: { width: 240, height: 120 },
  });
  const gif = Buffer.from('GIF89a\x03\x00\x05\x00', 'latin1');
  assert.deepEqual(sniffMedia(gif), { kind: 'image', extension: 'gif', size: { width: 3, height: 5 } });
  const jpeg = Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffc00011080010002003012200021101031101',
    'hex',
  );
  assert.deepEqual(sniffMedia(jpeg), { kind: 'image', extension: 'jpg', size: { width: 32, height: 16 } });
  assert.equal(sniffMedia(Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'))?.extension, 'wav');
  for (const other of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', 'GIF', '\x89PNG'])
    assert.equal(sniffMedia(Buffer.from(other, 'latin1')), undefined, other);
});

test('pictures that are too large are not handed to a preview', () => {
  const show = (bytes: Uint8Array): boolean => {
    const media = sniffMedia(bytes);
    return media !== undefined && isShowable(media, bytes.byteLength);
  };
  assert.equal(show(png(8_192, 8_192)), true);
  assert.equal(show(png(30_000, 100)), false);
  assert.equal(show(png(10, 10, 10_485_761)), false);
  assert.equal(show(Buffer.from([0xff, 0xd8, 0xff, 0xff])), false);
});

test('a resource opens as what it is, whatever it claims', () => {
  const cases: [ResourceContents, { kind: string; name: string; language?: string }][] = [
    [text('file:///a/README.md'), { kind: 'text', name: 'README.md (files)', language: 'mcp-markdown' }],
    [
      text('x://settings', 'application/json'),
      { kind: 'text', name: 'settings (files)', language: 'mcp-json' },
    ],
    [text('x://logo.svg', 'image/svg+xml'), { kind: 'text', name: 'logo.svg (files)', language: 'mcp-xml' }],
    [blob('x://photo.jpeg', png(1, 1), 'image/jpeg'), { kind: 'media', name: 'photo (files).png' }],
    [
      blob('x://page.png', Buffer.from('<html>'), 'image/png'),
      { kind: 'bytes', name: 'page.png.bin (files)' },
    ],
    [blob('x://huge.png', png(30_000, 30_000), 'image/png'), { kind: 'bytes', name: 'huge.png.bin (files)' }],
    [blob('x://3', Buffer.from('hello'), 'text/plain'), { kind: 'text', name: '3 (files)' }],
    [blob('x://3', Buffer.from([0xff, 0xfe, 0x00]), 'text/plain'), { kind: 'bytes', name: '3.bin (files)' }],
    [blob('x://a.gz', Buffer.from([0x1f, 0x8b])), { kind: 'bytes', name: 'a.gz.bin (files)' }],
  ];
  for (const [contents, file] of cases) assert.deepEqual(resourceFile(contents, 'files'), file, contents.uri);
});

test('a content without a type takes the one of the list', () => {
  assert.equal(resourceFile(text('x://data'), 'files', 'application/json').language, 'mcp-json');
});

test('sizes and times are short', () => {
  assert.deepEqual([0, 999, 1_234, 3_400_000, 5_600_000_000].map(formatBytes), [
    '0 B',
    '999 B',
    '1.2 KB',
    '3.4 MB',
    '5.6 GB',
  ]);
  assert.deepEqual([4, 340, 9_949, 12_400, 125_000].map(formatTook), [
    '0.00 s',
    '0.3 s',
    '9.9 s',
    '12 s',
    '2 min 5 s',
  ]);
});
