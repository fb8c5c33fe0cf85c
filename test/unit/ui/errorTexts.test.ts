import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { FailureError } from '../../../src/protocol/failure';
import { NamedError, tellError } from '../../../src/ui/registerCommand';
import { screen } from '../../support/vscode';

const log = { error: () => undefined, show: () => undefined } as never;

afterEach(() => screen.clear());

test('the message of a request that failed names it, and the words of its server flow', () => {
  const failure = { code: 'server-error', rpcCode: -32_002, message: 'not\n    found' } as const;
  tellError(
    log,
    'open',
    new NamedError('"a:b" of server "one" could not be read.', new FailureError(failure)),
  );
  assert.equal(
    screen.messages[0]?.text,
    '"a:b" of server "one" could not be read. The server answered with error -32002: "not found"',
  );
});

test('a request that was cancelled is no error, whatever its name', () => {
  tellError(log, 'open', new NamedError('It could not be read.', new FailureError({ code: 'cancelled' })));
  assert.deepEqual(screen.messages, []);
});
