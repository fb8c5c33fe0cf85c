import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { tellNothing } from '../../../src/ui/items/nothingListed';
import { screen } from '../../support/vscode';

afterEach(() => screen.clear());

const server = (name: string, state: string, list?: object): object => ({
  definition: { name },
  state: { kind: state },
  ...(list ? { catalog: { list: () => list } } : {}),
});
const failed = { kind: 'failed', failure: { code: 'server-error', rpcCode: -32_603, message: 'disk full' } };
const ready = { kind: 'ready', listing: { items: [] }, hidden: 0 };

test('a picker without items says whether there are none, they are not there yet, or could not be read', () => {
  const cases: readonly (readonly [readonly object[], string])[] = [
    [[], 'None.'],
    [
      [server('a', 'running', ready), server('b', 'stopped'), server('c', 'running', { kind: 'absent' })],
      'None.',
    ],
    [[server('a', 'starting')], 'The server "a" has not yet said what it offers. Try again in a moment.'],
    [
      [server('a', 'running', failed), server('b', 'running', { kind: 'loading' })],
      'The server "b" has not yet said what it offers. Try again in a moment.',
    ],
    [
      [server('a', 'starting'), server('b', 'running', { kind: 'loading' })],
      '2 servers have not yet said what they offer. Try again in a moment.',
    ],
    [
      [server('a', 'running', ready), server('b', 'running', failed)],
      'What the server "b" offers could not be read. The server answered with error -32603: "disk full"',
    ],
  ];
  for (const [servers, text] of cases) {
    screen.clear();
    tellNothing({ servers: () => servers } as never, 'tools', 'None.');
    assert.deepEqual(
      screen.messages.map((message) => message.text),
      [text],
    );
  }
});
