/** The document of a result says when its structured content is not what the tool declares, however the call was carried out (TOOL6). */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { TaskEntry } from '../../../src/host/tasks';
import type { ToolCallResult } from '../../../src/protocol/content';
import { FailureError, type Failure } from '../../../src/protocol/failure';
import type { ToolDefinition } from '../../../src/protocol/model';
import { ToolRunner } from '../../../src/ui/calls/toolRunner';
import { runJob } from '../../../src/validation/checkSchema';
import { screen, Uri } from '../../support/vscode';

beforeEach(() => screen.clear());

const definition: ToolDefinition = {
  name: 'count',
  inputSchema: {},
  outputSchema: { type: 'object', properties: { n: { type: 'number' } } },
};
const MISMATCH = 'The output does not match what the tool declares: /n must be number.';

function answer(n: string | number): ToolCallResult {
  return { isError: false, content: [], structured: { kind: 'inline', text: JSON.stringify({ n }) } };
}

/** A runner whose server answers every call so, and the texts of the documents it makes. */
function running(
  result: ToolCallResult | Failure,
  describe: () => Promise<ToolDefinition>,
): { readonly runner: ToolRunner; readonly texts: string[] } {
  const texts: string[] = [];
  const host = {
    recentArguments: { set: () => Promise.resolve() },
    server: () => ({ definition: { name: 'demo' } }),
    callTool: () => ('code' in result ? Promise.reject(new FailureError(result)) : Promise.resolve(result)),
    describeTool: describe,
  };
  const files = {
    put: (path: string, text: string) => {
      texts.push(text);
      return Uri.from({ scheme: 'mcp-host', path });
    },
    onDidCloseTab: () => ({ dispose: () => undefined }),
  };
  const validator = {
    validateJson: (schema: JsonObject, json: string) =>
      Promise.resolve(runJob({ id: 1, schema, pointer: '', candidate: { json } })),
  };
  return { runner: new ToolRunner({ host } as never, files as never, validator), texts };
}

const entry: TaskEntry = {
  key: 1,
  id: 'task',
  serverId: 's',
  tool: 'count',
  startedAt: 0,
  stamp: 'x',
  state: { kind: 'left' },
};

const listed = (): Promise<ToolDefinition> => Promise.resolve(definition);
const gone = (): Promise<never> => Promise.reject(new FailureError({ code: 'connection-closed' }));

test('a result that is not what its tool declares is shown all the same, with a note', async () => {
  const call = { tool: { kind: 'tool', serverId: 's', name: 'count' }, serverName: 'demo', definition };
  for (const [n, noted] of [
    ['one', true],
    [1, false],
  ] as const) {
    const { runner, texts } = running(answer(n), listed);
    await runner.run({ ...call, arguments: {}, notes: [] } as never);
    assert.equal(texts.length, 1);
    assert.equal(texts[0]?.includes(MISMATCH), noted);
    assert.match(texts[0] ?? '', /"n":/);
  }
});

test('a result that cannot be held against what its tool declares says why', async () => {
  const tool = { kind: 'tool', serverId: 's', name: 'count' };
  const head = '{"n":"one"}';
  const held: ToolCallResult = {
    isError: false,
    content: [],
    structured: { kind: 'held', handle: 1, bytes: 9_000_000, head },
  };
  const { outputSchema: _, ...without } = definition;
  const cases = [
    [held, definition, 'The output was not checked: it is too large.'],
    [
      answer(1),
      { ...without, withheld: ['outputSchema'] as const },
      'The output was not checked: the output schema is too large.',
    ],
    [{ isError: false, content: [] }, definition, 'The tool declares structured output, but returned none.'],
    [
      answer(1),
      { ...definition, outputSchema: { $ref: 'https://example.com/s.json' } },
      'The output was not checked: the schema cannot be used',
    ],
  ] as const;
  for (const [result, shown, note] of cases) {
    const { runner, texts } = running(result, listed);
    await runner.run({ tool, serverName: 'demo', definition: shown, arguments: {}, notes: [] } as never);
    assert.ok(texts[0]?.includes(`- Note: ${note}`), texts[0]);
  }
});

test('a call that fails tells what the server says of it, and whether it may have acted all the same', async () => {
  const call = { tool: { kind: 'tool', serverId: 's', name: 'count' }, serverName: 'demo', definition };
  const network = { code: 'network', host: 'a.example' } as const;
  const cases: readonly (readonly [Failure, RegExp])[] = [
    [{ ...network, problem: 'cut' }, /without an answer\.$/],
    [
      { ...network, problem: 'cut', mayHaveActed: true },
      /without an answer\. The server may still have acted\.$/,
    ],
    [{ ...network, problem: 'cut', forSignIn: true }, /Signing in goes through it\.$/],
    [{ ...network, problem: 'refused' }, /Nothing answers at a\.example\.$/],
    [
      { code: 'connection-closed', exit: { code: 7, signal: null }, mayHaveActed: true },
      /exit code 7\)\. The server may still have acted\.$/,
    ],
    [{ code: 'http-error', status: 405, isPage: false }, /405(?!.*may still have acted)/],
    [
      { code: 'server-error', rpcCode: -32_602, message: 'Invalid params', data: '{"n":"too small"}' },
      /^"count" failed\. The server answered with error -32602: "Invalid params" \(data: {"n":"too small"}\)\.$/,
    ],
  ];
  for (const [failure, text] of cases) {
    screen.clear();
    const ran = running(failure, listed).runner.run({ ...call, arguments: {}, notes: [] } as never);
    await new Promise(setImmediate);
    const [message] = screen.messages;
    assert.match(message?.text ?? '', text);
    message?.press('Run Again');
    assert.equal(await ran, 'again');
  }
});

test('what a task brought is checked as well', async () => {
  const bring = async (result: ToolCallResult, describe: () => Promise<ToolDefinition>): Promise<string> => {
    const { runner, texts } = running(result, describe);
    await runner.showTask(entry, { kind: 'done', ms: 5, isError: false, result });
    return texts.join();
  };
  assert.ok((await bring(answer('one'), listed)).includes(MISMATCH));
  assert.doesNotMatch(await bring(answer(1), listed), /The output/);
  assert.match(await bring(answer(1), gone), /not checked: what the tool declares is not known any more/);
  assert.doesNotMatch(await bring({ isError: false, content: [] }, gone), /The output/);
});
