/** Token endpoints that answer in another form than the JSON of RFC 6749. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Failure } from '../../../src/protocol/failure';
import { textOf, type EvilModes } from '../../support/evilAs';
import { AuthWorld } from './world';

const saying =
  (status: number, type: string, text: string): NonNullable<EvilModes['tokenRequest']> =>
  (_form, { response }) => (response.writeHead(status, { 'content-type': type }).end(text), 'done');

test('a refusal in plain words is told with them, and a page is none', async () => {
  const told = async (tokenRequest: EvilModes['tokenRequest']): Promise<string | undefined> => {
    const failures: Failure[] = [];
    await AuthWorld.with(
      async (world) => {
        const failure = await world.call(world.window());
        if (failure !== 'done') failures.push(failure);
      },
      tokenRequest ? { tokenRequest } : {},
    );
    const [failure] = failures;
    if (failure?.code === 'network') return failure.detail;
    assert.ok(failure?.code === 'authorization' && failure.problem === 'token-refused');
    return failure.serverSays;
  };
  assert.equal(await told(saying(400, 'text/plain', 'no such redirect')), 'HTTP 400: no such redirect');
  assert.equal(await told(saying(401, 'text/html', 'no such client')), 'HTTP 401: no such client');
  for (const [status, text] of [
    [400, '<b>no</b>'],
    [400, ' \n'],
    [403, 'no'],
    [200, 'no'],
  ] as const)
    assert.equal(await told(saying(status, 'text/plain', text)), `HTTP ${status}`);
});

test('a token in an answer that is written as a form is taken', async () => {
  let token = '';
  await AuthWorld.with(
    async (world) => {
      world.modes.refuse = ({ headers, response }) => {
        response.writeHead(headers.authorization === undefined ? 401 : 200).end();
        return true;
      };
      assert.equal(await world.call(world.window()), 'done');
      assert.deepEqual(world.sent.at(-1), [['authorization', `Bearer ${token}`]]);
    },
    {
      tokenAnswer: (fields, { response }) => {
        token = textOf(fields['access_token']);
        const form = new URLSearchParams(
          Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'),
        );
        response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
        response.end(form.toString());
        return 'done';
      },
    },
  );
});
