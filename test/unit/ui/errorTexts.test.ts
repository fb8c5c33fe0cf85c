import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { FailureError } from '../../../src/protocol/failure';
import { NamedError, tellError } from '../../../src/ui/registerCommand';
import { screen } from '../../support/vscode';

const logged: string[] = [];
const log = { error: (line: string) => logged.push(line), show: () => undefined } as never;

afterEach(() => {
  screen.clear();
  logged.length = 0;
});

test('the message of a request that failed names it, and the words of its server flow', () => {
  const failure = { code: 'server-error', rpcCode: -32_002, message: 'not\n    found' } as const;
  tellError(
    log,
    'open',
    new NamedError('"a:b" of server "one" could not be read.', new FailureError(failure)),
  );
  assert.equal(
    screen.messages[0]?.text,
    '"a:b" of server "one" could not be read. The server answered with error -32002 (it has no such resource): "not found"',
  );
});

test('what stands in an error of HTTP, or what an authorization server says, is told and logged', () => {
  const excerpt = 'Your plan has\nno [MCP](command:x).';
  tellError(log, 'call', new FailureError({ code: 'http-error', status: 403, isPage: false, excerpt }));
  const text =
    'The server answered with HTTP 403 (not allowed). It says: "Your plan has no [MCP]\u200a(command:x)."';
  assert.equal(screen.messages[0]?.text, text);
  assert.ok(logged[0]?.startsWith(`call failed: ${text}`), logged[0]);
  const serverSays = 'access_denied: not assigned';
  tellError(log, 'call', new FailureError({ code: 'authorization', problem: 'sign-in-refused', serverSays }));
  assert.match(screen.messages[1]?.text ?? '', /It says: "access_denied: not assigned"$/);
});

test('a request that was cancelled is no error, whatever its name', () => {
  tellError(log, 'open', new NamedError('It could not be read.', new FailureError({ code: 'cancelled' })));
  assert.deepEqual(screen.messages, []);
});
