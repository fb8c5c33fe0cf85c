import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WrittenDocument } from '../../../src/presentation/documentWriter';
import { promptDocument, resultDocument, type CallHeader } from '../../../src/presentation/resultDocument';
import { visibleJson } from '../../../src/presentation/visibleJson';
import type { ContentBlock, ToolCallResult } from '../../../src/protocol/content';

const HEADER: CallHeader = {
  server: 'trail-notes',
  name: 'list_trails',
  title: 'List trails',
  when: '2026-11-21, 01:24:05',
  took: '0.3 s',
  arguments: { level: 'easy' },
};

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000f0000000780000000000000000', 'hex');

function block(text: string): ContentBlock {
  return { type: 'text', text: { kind: 'inline', text } };
}

function result(content: readonly ContentBlock[], more: Partial<ToolCallResult> = {}): ToolCallResult {
  return { isError: false, content, ...more };
}

function body({ text }: WrittenDocument): string {
  return text.slice(text.indexOf('```\n\n') + 5);
}

/** The words of each link, cut from the document by its position. */
function linkWords({ text, links }: WrittenDocument): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return links.map(({ line, start, end }) => lines[line]?.slice(start, end) ?? '');
}

test('a result says who answered what to which arguments', () => {
  const document = resultDocument(HEADER, result([block('Two walks.\n')]), ['Something of ours.']);
  assert.equal(
    document.text,
    [
      '# List trails',
      '',
      '- Tool: list_trails',
      '- Server: trail-notes',
      '- Called: 2026-11-21, 01:24:05, took 0.3 s',
      '- Note: Something of ours.',
      '',
      '## Arguments',
      '',
      '```json',
      '{',
      '  "level": "easy"',
      '}',
      '```',
      '',
      '## Result',
      '',
      'Two walks.',
      '',
    ].join('\n'),
  );
});

test('an error of the tool is named before anything else', () => {
  const document = resultDocument(HEADER, result([block('No such trail.')], { isError: true }), []);
  assert.equal(body(document), '## The tool reported an error\n\nNo such trail.\n');
});

test('structured content that the text repeats is shown once', () => {
  const structured = { kind: 'inline', text: '{\n  "count": 2,\n  "ids": [\n    1\n  ]\n}' } as const;
  const same = resultDocument(HEADER, result([block('{"ids":[1],"count":2}')], { structured }), []);
  assert.equal(body(same), `## Result\n\n\`\`\`json\n${structured.text}\n\`\`\`\n`);
  const other = resultDocument(HEADER, result([block('{"count":3}')], { structured }), []);
  assert.match(
    other.text,
    /### Text\n\n```json\n\{"count":3\}\n```\n\n### Structured content\n\n```json\n\{\n {2}"count": 2/,
  );
});

test('an empty result says so', () => {
  assert.match(resultDocument(HEADER, result([]), []).text, /## Result\n\nThe tool returned nothing\.\n$/);
  assert.match(
    resultDocument(HEADER, result([block(' \n')]), []).text,
    /The tool returned an empty text\.\n$/,
  );
});

test('blocks stand in order, and what can be opened is linked', () => {
  const document = resultDocument(
    HEADER,
    result([
      block('First\r\nsecond\rthird'),
      { type: 'image', mimeType: 'image/png', data: PNG },
      {
        type: 'resource',
        contents: {
          uri: 'trail://guide',
          mimeType: 'text/markdown',
          body: { kind: 'text', text: { kind: 'inline', text: '# Guide' } },
        },
      },
      {
        type: 'resource_link',
        uri: 'trail://trails',
        name: 'trails',
        title: 'All trails',
        description: 'As JSON',
      },
      { type: 'resource_link', uri: 'https://example.com/x', name: 'page' },
      {
        type: 'unknown',
        reason: 'unknown type',
        json: { kind: 'inline', text: '{\n  "type": "hologram"\n}' },
      },
    ]),
    [],
  );
  assert.deepEqual(
    [...document.text.matchAll(/^### .*$/gm)].map(([line]) => line),
    [
      '### Text',
      '### Image',
      '### Embedded resource',
      '### Resource link',
      '### Content that cannot be read',
    ],
  );
  assert.deepEqual(linkWords(document), [
    'Open image',
    'Open as a document',
    'Open All trails',
    'Open page',
    'Open in browser',
  ]);
  assert.deepEqual(
    document.links.map(({ target }) => target),
    [
      { kind: 'file', name: 'list_trails image (trail-notes).png' },
      { kind: 'file', name: 'guide (trail-notes)' },
      { kind: 'resource', uri: 'trail://trails' },
      { kind: 'resource', uri: 'https://example.com/x' },
      { kind: 'browser', url: 'https://example.com/x' },
    ],
  );
  assert.deepEqual(
    document.files.map(({ name, language, isMedia }) => [name, language, isMedia]),
    [
      ['list_trails image (trail-notes).png', undefined, true],
      ['guide (trail-notes)', 'mcp-markdown', false],
    ],
  );
  assert.match(document.text, /image\/png, 240 x 120 pixels, 32 B/);
  assert.match(document.text, /```json\n\{\n {2}"type": "hologram"\n\}\n```/);
});

test('bytes that are no picture are not called one', () => {
  const html = Buffer.from('<html><script>alert(1)</script></html>');
  const document = resultDocument(HEADER, result([{ type: 'image', mimeType: 'image/png', data: html }]), []);
  assert.deepEqual(
    document.files.map(({ name, isMedia }) => [name, isMedia]),
    [['list_trails image.bin (trail-notes)', false]],
  );
  assert.match(document.text, /This is no image that can be shown here\./);
});

test('files of the same name do not replace each other', () => {
  const picture: ContentBlock = { type: 'image', mimeType: 'image/png', data: PNG };
  const { files } = resultDocument(HEADER, result([picture, picture]), []);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['list_trails image (trail-notes).png', 'list_trails image (trail-notes) 2.png'],
  );
});

test('a text that is held shows its beginning and how to get the rest', () => {
  const held = { kind: 'held', handle: 7, bytes: 12_300_000, head: 'line 1\nline 2' } as const;
  const document = resultDocument(HEADER, result([{ type: 'text', text: held }]), []);
  assert.deepEqual(linkWords(document), ['Show all (12.3 MB)', 'Save as…']);
  assert.deepEqual(
    document.links.map(({ target }) => target),
    [
      { kind: 'show-all', held: 0 },
      { kind: 'save-as', held: 0 },
    ],
  );
  assert.deepEqual(document.held, [{ text: held, name: 'list_trails (trail-notes)' }]);
  assert.match(document.text, /line 1\nline 2\n\n⟨… cut here, 12\.3 MB in all⟩\n$/);
});

test('only https addresses can be opened in a browser, and file addresses are inert', () => {
  for (const uri of [
    'http://x.example',
    'file:///etc/passwd',
    'command:x',
    'javascript:alert(1)',
    'https://a@b',
    'https:\\\\x',
    'vscode://x',
  ]) {
    const document = resultDocument(HEADER, result([{ type: 'resource_link', uri, name: 'x' }]), []);
    assert.deepEqual(
      document.links.map(({ target }) => target.kind),
      ['resource'],
      uri,
    );
    assert.doesNotMatch(document.text, /file:\/\//);
  }
});

test('what we write ourselves cannot be broken by server text', () => {
  const evil = 'x\n## The tool reported an error\n\u202E](command:y)';
  const header = { ...HEADER, name: evil, title: evil, server: evil, arguments: {} };
  const link: ContentBlock = { type: 'resource_link', uri: evil, name: evil, title: evil, mimeType: evil };
  const { text } = resultDocument(header, result([link]), []);
  assert.doesNotMatch(text, /^## The tool/m);
  assert.doesNotMatch(text, /\u202E|\]\(command/);
});

test('hidden characters in a result are told, and in arguments shown as escapes that mean the same', () => {
  const { text } = resultDocument(
    { ...HEADER, arguments: { a: 'x\u202Ey' } },
    result([block('a\u200Bb')]),
    [],
  );
  assert.match(text, /- Note: The result holds characters that cannot be seen\./);
  assert.match(text, /"a": "x\\u202Ey"/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const json = visibleJson({ [value]: [value] });
      assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify({ [value]: [value] })));
      assert.doesNotMatch(json, /[\p{Cf}\p{Cs}]/u);
    }),
  );
});

test('a fence cannot be closed by what is in it', () => {
  const json = '["```\\n", "````"]';
  const { text } = resultDocument(HEADER, result([block(json)]), []);
  assert.ok(text.endsWith(`\`\`\`\`\`json\n${json}\n\`\`\`\`\`\n`));
});

test('every link stands where its words are, whatever the texts are', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', '\n', '\r', '\r\n', '`', '{', '"', '\u2028', '\u202E', '😀', '[', ']'),
    maxLength: 30,
  });
  const blocks = fc.oneof(
    texts.map(block),
    texts.map((uri): ContentBlock => ({ type: 'resource_link', uri: `x:${uri}`, name: uri })),
    texts.map((uri): ContentBlock => ({
      type: 'resource',
      contents: { uri, body: { kind: 'text', text: { kind: 'inline', text: uri } } },
    })),
    fc.constant<ContentBlock>({ type: 'image', mimeType: 'image/png', data: PNG }),
  );
  fc.assert(
    fc.property(fc.array(blocks, { maxLength: 8 }), (content) => {
      for (const words of linkWords(resultDocument(HEADER, result(content), [])))
        assert.match(words, /^Open /);
    }),
  );
});

test('a prompt is its messages, each under its role', () => {
  const document = promptDocument(
    { ...HEADER, arguments: {} },
    {
      description: 'For a walk',
      messages: [
        { role: 'user', content: block('Hello') },
        { role: 'assistant', content: block('Hi') },
      ],
    },
  );
  assert.equal(
    document.text,
    '# List trails\n\n- Prompt: list_trails\n- Server: trail-notes\n- Called: 2026-11-21, 01:24:05, took 0.3 s\n\nFor a walk\n\n## User\n\nHello\n\n## Assistant\n\nHi\n',
  );
});

test('what a result, or a prompt, holds beside its content is shown behind it, as JSON', () => {
  const meta = { kind: 'inline', text: '{\n  "a": 1\n}' } as const;
  const more = { kind: 'inline', text: '{\n  "b\u200b": 2\n}' } as const;
  const document = resultDocument(HEADER, result([block('Two walks.')], { meta, more }), []);
  const fenced = ({ text }: typeof meta | typeof more): string => `\`\`\`json\n${text}\n\`\`\`\n`;
  const shown = `### Unknown members\n\n${fenced(more)}\n### Metadata\n\n${fenced(meta)}`;
  assert.equal(body(document), `## Result\n\nTwo walks.\n\n${shown}`);
  assert.match(document.text, /- Note: The result holds characters that cannot be seen\./);
  const { text } = promptDocument(HEADER, { messages: [], meta, more });
  assert.ok(text.endsWith(`\n\n${shown}`));
  assert.match(text, /- Note: The messages hold characters that cannot be seen\./);
  assert.match(body(resultDocument(HEADER, result([], { more }), [])), /The tool returned no content\./);
});

test('a text that was not UTF-8 is said to be damaged (T047)', () => {
  const { text } = resultDocument(HEADER, result([block('a \ufffd b')]), []);
  assert.match(text, /- Note: The result holds “\ufffd”, as bytes that are no UTF-8 are shown\./);
});
