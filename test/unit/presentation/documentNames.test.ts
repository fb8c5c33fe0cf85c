import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  binaryName,
  mediaName,
  safeBaseName,
  textName,
  UniqueNames,
} from '../../../src/presentation/documentNames';

test('the base name of an address is kept when it is harmless', () => {
  const cases: [string, string][] = [
    ['file:///home/x/README.md', 'README.md'],
    ['trail://guide', 'guide'],
    ['https://example.com/a/b.json?x=1#y', 'b.json'],
    ['demo://docs/my%20notes.md', 'my notes.md'],
    ['memo://', 'memo'],
    ['trail://trails/lake-loop/', 'lake-loop'],
    ['tool name', 'tool name'],
    ['über.txt', 'über.txt'],
  ];
  for (const [text, name] of cases) assert.equal(safeBaseName(text), name, text);
});

test('paths, devices and hidden characters do not survive', () => {
  const cases: [string, string][] = [
    ['x://a/../../etc/passwd', 'passwd'],
    ['x://a/..', 'resource'],
    ['x://a/..%2f..%2fetc%2fpasswd', '_.._etc_passwd'],
    ['x://a/%5c%5cevil%5cshare', '__evil_share'],
    ['C:\\Windows\\notepad.exe', 'notepad.exe'],
    ['x://a/NUL', '_NUL'],
    ['x://a/com1.txt', '_com1.txt'],
    ['x://a/name. . ', 'name'],
    ['x://a/.bashrc', 'bashrc'],
    ['x://a/a\u202Egpj.exe', 'a_gpj.exe'],
    ['x://a/a\nb', 'a b'],
    ['', 'resource'],
    ['///', 'resource'],
  ];
  for (const [text, name] of cases) assert.equal(safeBaseName(text), name, JSON.stringify(text));
});

test('whatever the text, the name is a short harmless file name', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '\\', '..', '.', '%2f', '%5C', ':', 'con', ' ', '\0', '?', '#', '\u202E'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const name = safeBaseName(text);
        assert.match(name, /^[^/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]+$/u);
        assert.ok(name.length > 0 && name.length <= 80);
        assert.doesNotMatch(name, /^[.\s]|[.\s]$/);
        assert.doesNotMatch(name, /^(?:con|nul)(?:\.|$)/i);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a long name loses its middle but not its extension', () => {
  const name = safeBaseName(`x://a/${'n'.repeat(300)}.json`);
  assert.equal(name.length, 80);
  assert.ok(name.endsWith('….json'));
});

test('no text document ends in an extension that the editor knows', () => {
  assert.equal(textName('data.json', 'files'), 'data.json (files)');
  assert.equal(textName('a.md', 'x).md'), 'a.md (x_.md)');
  assert.equal(binaryName('a.zip', 'files'), 'a.zip.bin (files)');
  assert.equal(mediaName('photo.jpeg', 'files', 'jpg'), 'photo (files).jpg');
});

test('names that are taken are counted on', () => {
  const names = new UniqueNames();
  assert.equal(names.take('a (s).png'), 'a (s).png');
  assert.equal(names.take('a (s).png'), 'a (s) 2.png');
  for (const name of ['a (s)', 'a (s) 2']) assert.equal(names.take(name), name);
  assert.equal(names.take('a (s)'), 'a (s) 3');
  assert.equal(names.take('a (s) 2'), 'a (s) 2 2');
});
