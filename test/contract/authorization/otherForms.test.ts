/** Token endpoints that answer in another form than the JSON of RFC 6749. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureText } from '../../../src/presentation/failureTexts';
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

test('what stands in the place of an answer is told with its words, but a page, and a success, are not', async () => {
  const JSON_TYPE = 'application/json';
  const cases = [
    [403, 'text/plain', 'Blocked by policy 7', 'Blocked by policy 7'],
    [503, 'text/plain', 'Down until noon', 'Down until noon'],
    [502, 'text/plain', '<bad gateway>', '<bad gateway>'],
    [403, JSON_TYPE, '{"message":"No such tenant"}', 'No such tenant'],
    [500, JSON_TYPE, '{"error":"server_error","access_token":"CANARY"}', 'server_error'],
    [200, 'text/plain', 'CANARY', undefined],
    [200, JSON_TYPE, '{"access_token":"CANARY", ', undefined],
    [200, 'text/plain', 'your token: CANARY', undefined],
    [200, JSON_TYPE, '["CANARY"]', undefined],
    [200, 'text/plain', `CANARY.${'x'.repeat(30)}`, undefined],
    [200, 'text/html', '<p>CANARY', undefined],
    [503, '', ' <!doctype html>CANARY', undefined],
    [503, 'text/plain', ' ', undefined],
  ] as const;
  for (const [status, type, text, said] of cases)
    await AuthWorld.with(
      async (world) => {
        const failure = await world.call(world.window());
        assert.ok(failure !== 'done' && failure.code === 'network', text);
        assert.deepEqual([failure.detail, failure.excerpt], [`HTTP ${status}`, said]);
        assert.equal(failureText(failure).includes(`It says: "${said}"`), said !== undefined);
        assert.doesNotMatch(JSON.stringify(failure), /CANARY/);
      },
      { tokenRequest: saying(status, type, text) },
    );
});

test('the words of a token endpoint are cut, and hold nothing that it was told', async () => {
  await AuthWorld.with(
    async (world) => {
      const failure = await world.call(world.window());
      assert.ok(failure !== 'done' && failure.code === 'network');
      const form = world.as.tokenRequests()[0] ?? assert.fail();
      assert.match(failure.excerpt ?? '', /^\*\*\* \*\*\* x+/);
      assert.ok((failure.excerpt ?? '').length <= 300);
      assert.ok(!(failure.excerpt ?? '').includes(form.get('code') ?? assert.fail()));
    },
    {
      tokenRequest: (form, { response }) => {
        const echo = `${form.get('code')} ${form.get('code_verifier')} ${'x'.repeat(5_000)}`;
        response.writeHead(503, { 'content-type': 'text/plain' }).end(echo);
        return 'done';
      },
    },
  );
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
