/** The page on which sampling is reviewed: all that goes to a model or to a server, made visible, or told that it is not all (T135, T139). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import type { Cause } from '../../../src/host/consentQueue';
import { safe } from '../../../src/policy/safeText';
import { samplingPage, type SamplingPageOptions } from '../../../src/presentation/samplingPage';
import type {
  AnsweredStage,
  AskedStage,
  PagePart,
  SamplingPage,
} from '../../../src/presentation/samplingPageMessages';
import type { SamplingStage } from '../../../src/presentation/samplingStage';
import { VisibleTexts } from '../../../src/presentation/visibleText';
import type { SamplingContent, SamplingMessage, SamplingRequest } from '../../../src/protocol/sampling';
import { facts } from '../policy/grants';
import { anyText, restored } from '../policy/hostileText';
import { demoModel, sampling, samplingAnswer } from './waiting';

const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 2,
]);
const OPTIONS: SamplingPageOptions = {
  formatTime: (time) => `T+${time / 1_000}s`,
  editorName: 'Editor',
  waiting: [],
  hasContext: false,
  cost: [{ label: 'Budget', text: safe`none` }],
  texts: new VisibleTexts(),
};

const text = (value: string): SamplingContent => ({ type: 'text', text: value });
const says = (role: 'user' | 'assistant', ...content: SamplingContent[]): SamplingMessage => ({
  role,
  content,
});

function pageOf(stage: SamplingStage, options: Partial<SamplingPageOptions> = {}): SamplingPage {
  return samplingPage(stage, { ...OPTIONS, ...options });
}

function asked(
  request: Partial<SamplingRequest>,
  more: Parameters<typeof sampling>[1] = {},
  options: Partial<SamplingPageOptions> = {},
): AskedStage {
  const { stage } = pageOf({ kind: 'asked', entry: sampling(request, more) }, options);
  assert.ok(stage.kind === 'asked');
  return stage;
}

function answered(...given: Parameters<typeof samplingAnswer>): AnsweredStage {
  const { stage } = pageOf({ kind: 'answered', entry: samplingAnswer(...given) });
  assert.ok(stage.kind === 'answered');
  return stage;
}

const shownOf = (parts: readonly PagePart[]): readonly string[] =>
  parts.map((part) => ('shown' in part ? part.shown.text : part.label));
const factsOf = (facts: readonly { readonly label: string; readonly text: string }[]): object =>
  Object.fromEntries(facts.map(({ label, text: value }) => [label, value]));

test('T135: a request is there with every text, picture, tool and limit, and what is not used of it', () => {
  const stage = asked(
    {
      systemPrompt: 'Be brief.',
      messages: [
        says('user', text('First'), { type: 'image', mimeType: 'image/png', data: PNG }),
        says('assistant', text('I agree'), { type: 'tool_use', id: 'u', name: 'find', input: '{"a":1}' }),
        says(
          'user',
          {
            type: 'tool_result',
            toolUseId: 'u',
            content: [{ type: 'text', text: 'found' }],
            isError: true,
          },
          { type: 'audio', mimeType: 'audio/wav', data: new Uint8Array(1_500) },
        ),
      ],
      maxTokens: 1_000_000,
      temperature: 0.4,
      stopSequences: ['END'],
      tools: {
        list: [{ name: 'find', description: 'Finds it', inputSchema: '{"type":"object"}' }],
        choice: 'auto',
      },
      preferences: { hints: ['small'], costPriority: 0.8 },
      includeContext: 'allServers',
      ignored: ['metadata'],
    },
    { model: demoModel(false) },
  );
  assert.deepEqual(
    stage.blocks.map(({ title, role, parts }) => [title, role, shownOf(parts)]),
    [
      ['System prompt, sent as the first message and marked as such', 'system', ['Be brief.']],
      ['Tool "find"', 'tool', ['Finds it', '{\n  "type": "object"\n}']],
      ['Message 1 of 3, user', 'user', ['First', 'Image, said to be image/png, 24 B']],
      [
        'Message 2 of 3, assistant (the server wrote this, not a model)',
        'assistant',
        ['I agree', '{\n  "a": 1\n}'],
      ],
      [
        'Message 3 of 3, user',
        'user',
        ['found', 'Sound, said to be audio/wav, 1.5 KB; it cannot be shown here'],
      ],
    ],
  );
  assert.deepEqual(factsOf(stage.facts), {
    Cause: 'your call of describe',
    Since: 'T+1s',
    Expires: 'T+601s, as an error to the server',
  });
  const wishes = factsOf(stage.wishes) as Record<string, string>;
  assert.match(wishes['Tools'] ?? '', /^1 tool; .* MCP Host uses none of them$/);
  assert.match(wishes['Context'] ?? '', /^nothing is added, although the server asks for "allServers"$/);
  assert.deepEqual(
    [wishes['It would like'], wishes['Not used']],
    ['named "small"; low cost 0.8', 'metadata'],
  );
  const { notes, ...limits } = stage.limits;
  assert.deepEqual(limits, { maxTokens: 4_096, mostTokens: 4_096, temperature: 0.4, stopSequences: ['END'] });
  assert.deepEqual(notes, {
    maxTokens: 'The server wanted 1,000,000 tokens; a model is asked for 4,096 tokens at most.',
  });
  assert.deepEqual(stage.model, {
    kind: 'model',
    name: 'Demo (acme)',
    why: 'It is the only model there is.',
    notes: ['Editor will ask you itself, once for this model.'],
  });
  assert.deepEqual([stage.id, stage.whyNot, stage.cost], [7, undefined, OPTIONS.cost]);
});

test('each text of a request can be changed where it stands, under a number of its own', () => {
  const stage = asked({
    messages: [says('user', text('a'), text('b')), says('user', text('c'))],
  });
  const places = stage.blocks.flatMap(({ parts }) =>
    parts.map((part) => (part.kind === 'text' ? [part.edit?.place, part.edit?.raw] : [])),
  );
  // A request without a system prompt can be given one.
  assert.deepEqual(places, [
    [0, ''],
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  assert.deepEqual(
    stage.blocks.map(({ message }) => message),
    [undefined, 0, 1],
    'only messages can be left out',
  );
});

test('a limit that is not the server’s, and a stop sequence that cannot be seen, are told each where it stands', () => {
  const { notes } = asked({ maxTokens: 5_000, stopSequences: ['a\u200B'] }).limits;
  assert.match(notes.maxTokens ?? '', /^The server wanted 5,000 tokens/);
  assert.equal(notes.stopSequences, 'One holds characters that cannot be seen.');
  assert.deepEqual(asked({ maxTokens: 50, stopSequences: ['a'] }).limits.notes, {});
});

test('no text of a server or a model is shown with characters that cannot be seen, and none of it is lost', () => {
  const single = (parts: readonly PagePart[]): string => {
    const [part] = parts;
    assert.ok(part?.kind === 'text');
    return part.shown.text;
  };
  fc.assert(
    fc.property(anyText, (value) => {
      const wanted = value.replaceAll('\r\n', '\n');
      const request = asked({ messages: [says('user', text(value))] });
      assert.equal(restored(single(request.blocks.at(-1)?.parts ?? [])), wanted);
      assert.equal(restored(single(answered({ text: value }).parts)), wanted);
      const { stage } = pageOf({
        kind: 'working',
        conversation: 1,
        serverName: 's',
        request: sampling().subject.request,
        cause: sampling().subject.cause,
        modelName: 'm',
        text: value,
      });
      assert.ok(stage.kind === 'working');
      assert.equal(restored(stage.text.text), wanted);
    }),
    { numRuns: 1_000 },
  );
});

test('names and causes that a server made up are made visible wherever the page has them', () => {
  const bad = 'x\u202Ey';
  const cause: Cause = { kind: 'call', callId: 1, callTitle: bad };
  const tools = { list: [{ name: bad, inputSchema: '{}' }], choice: 'auto' } as const;
  const entry = { ...sampling({ tools, ignored: [bad], includeContext: bad }, { cause }), serverName: bad };
  const page = pageOf({ kind: 'asked', entry }, { waiting: [{ ...samplingAnswer(), serverName: bad }] });
  const { blocks, ...stage } = page.stage.kind === 'asked' ? page.stage : assert.fail();
  assert.doesNotMatch(JSON.stringify([page.others, stage, blocks.map(({ title }) => title)]), /\u202E/);
  assert.ok(stage.warnings.some((warning) => warning.includes('cannot be seen, which a model would read')));
  assert.deepEqual(stage.tools, [], 'a tool that does not show its name cannot be chosen');
});

test('pictures are shown as what they are, as far as there is room, and never as what they claim to be', () => {
  const image = (data: Uint8Array, mimeType = 'image/png'): SamplingContent => ({
    type: 'image',
    mimeType,
    data,
  });
  const big = new Uint8Array(4_000_000);
  big.set(PNG);
  const svg = new TextEncoder().encode('<svg onload="alert(1)"/>');
  const stage = asked({
    messages: [says('user', image(PNG, 'image/svg+xml'), image(svg), image(big), image(big))],
  });
  const sources = stage.blocks
    .at(-1)
    ?.parts.map((part) => (part.kind === 'media' ? part.source?.slice(0, 22) : ''));
  assert.deepEqual(sources, ['data:image/png;base64,', undefined, 'data:image/png;base64,', undefined]);
});

test('without a model a request can be answered by hand or denied, and not sent', () => {
  const stage = asked({}, { model: { kind: 'none', reason: 'There is none.' } });
  assert.deepEqual(stage.model, { kind: 'none', why: 'There is none.' });
  assert.match(stage.whyNot ?? '', /You can answer it yourself, or deny it/);
  assert.equal(stage.canGrant, false);
  // One that the person chose instead can.
  assert.equal(asked({}, { model: { kind: 'none', reason: '' } }, { chosen: demoModel() }).whyNot, undefined);
});

test('an answer by hand may end as a model could end, and use the tools of the request', () => {
  const values = (stage: AskedStage): readonly string[] => stage.reasons.map(({ value }) => value);
  assert.deepEqual(values(asked({})), ['endTurn', 'maxTokens']);
  const tools = { list: [{ name: 'find', inputSchema: '{}' }], choice: 'auto' } as const;
  const stage = asked({ stopSequences: ['END'], tools });
  assert.deepEqual(values(stage), ['endTurn', 'maxTokens', 'stopSequence', 'toolUse']);
  assert.deepEqual(stage.tools, ['find']);
  assert.deepEqual(asked({ tools: { ...tools, choice: 'none' } }).tools, []);
});

test('an answer is there with its uses of tools, how it came about, and how often the model may be asked again', () => {
  const stage = answered(
    {
      text: 'Hi\u200B',
      stopReason: 'maxTokens',
      toolUses: [{ type: 'tool_use', id: 'u', name: 'find', input: '{}' }],
    },
    { edited: true, asksLeft: 1, failure: 'Too busy.' },
  );
  assert.deepEqual(shownOf(stage.parts), ['Hi⟨U+200B⟩', '{}']);
  const facts = factsOf(stage.facts) as Record<string, string>;
  assert.equal(facts['Ended'], 'at the limit of tokens, so it may be cut off');
  assert.equal(facts['Asked again'], 'there was no other answer. Too busy.');
  assert.match(facts['Request'] ?? '', /edited by you$/);
  assert.equal(stage.again, '1 more time at most');
  assert.equal(stage.warnings.length, 2);
  assert.equal(answered({}, { asksLeft: 0 }).again, '');
  const stopped = factsOf(answered({}, { stopped: true }).facts) as Record<string, string>;
  assert.equal(stopped['Ended'], 'where you stopped the model');
});

test('what else waits is named, without what is shown', () => {
  const entry = sampling();
  const other = samplingAnswer({}, { id: 12 });
  const waiting = [entry, { ...other, subject: { ...other.subject, conversation: 11 } }];
  assert.deepEqual(pageOf({ kind: 'asked', entry }, { waiting }).others, [
    { conversation: 11, label: 'notes waits for your review of a model answer' },
  ]);
});

test('context can be attached where there is some, and the person says something that it can be added to', () => {
  const mute = [says('user', { type: 'image', mimeType: 'image/png', data: PNG })];
  assert.equal(asked({}, {}, { hasContext: true }).canAttach, true);
  assert.equal(asked({}, {}, { hasContext: false }).canAttach, false);
  assert.equal(asked({ messages: mute }, {}, { hasContext: true }).canAttach, false);
});

test('a rule is offered for what the server asked, and for no other model than the one that would have answered', () => {
  const entry = sampling();
  const subject = { ...entry.subject, grant: { facts: facts(), isOwn: true } };
  const isOffered = (options: Partial<SamplingPageOptions>): boolean => {
    const { stage } = pageOf({ kind: 'asked', entry: { ...entry, subject } }, options);
    return stage.kind === 'asked' && stage.canGrant;
  };
  const found = [isOffered({}), isOffered({ chosen: demoModel() }), asked({}).canGrant];
  assert.deepEqual(found, [true, false, false]);
});
