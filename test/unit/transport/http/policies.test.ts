import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { addressKind } from '../../../../src/transport/http/address';
import { ReconnectPolicy } from '../../../../src/transport/http/reconnectPolicy';
import { nextHop, RedirectError } from '../../../../src/transport/http/redirects';
import { readRetryAfter } from '../../../../src/transport/http/replies';

const KINDS: readonly (readonly [string, ReturnType<typeof addressKind>])[] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.0.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.169.254', 'private'],
  ['::ffff:169.254.169.254', 'private'],
  ['64:ff9b::a9fe:a9fe', 'private'],
  ['100.64.0.1', 'private'],
  ['0.0.0.0', 'private'],
  ['::', 'private'],
  ['fe80::1%eth0', 'private'],
  ['fd00::1', 'private'],
  ['255.255.255.255', 'private'],
  ['8.8.8.8', 'public'],
  ['172.32.0.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['no address', 'private'],
];

test('an address is told by its number, however it is written', () => {
  for (const [address, kind] of KINDS) assert.equal(addressKind(address), kind, address);
});

test('a stream is never opened again at once, however short the server wants it', () => {
  for (const retryMs of [0, -1, 1, Number.NaN]) {
    const policy = new ReconnectPolicy(() => 0);
    const wait = policy.next({ openMs: 0, sawMessage: true, retryMs });
    assert.ok(wait !== undefined && wait >= 1_000, String(retryMs));
  }
});

test('a stream that brings nothing is given up after ten times, which took more than a minute', () => {
  const policy = new ReconnectPolicy(() => 0);
  const waits: number[] = [];
  for (let wait = policy.next({ openMs: 0, sawMessage: false, retryMs: 0 }); wait !== undefined;)
    wait = waits.push(wait) && policy.next({ openMs: 0, sawMessage: false, retryMs: 0 });
  assert.equal(waits.length, 9);
  assert.ok(waits.reduce((sum, wait) => sum + wait, 0) > 60_000);
  assert.ok(waits.every((wait) => wait <= 60_000));
});

test('one that polls on purpose, or that is closed when it was idle for long, is never given up', () => {
  const polling = new ReconnectPolicy(() => 0);
  const idle = new ReconnectPolicy(() => 0);
  for (let round = 0; round < 100; round++) {
    assert.equal(polling.next({ openMs: 10, sawMessage: true, retryMs: 2_000 }), 2_000);
    assert.equal(idle.next({ openMs: 60_000, sawMessage: false }), 1_000);
  }
});

test('waits differ from client to client, and none of our own is longer than a minute', () => {
  const waitsOf = (dice: number): number[] => {
    const policy = new ReconnectPolicy(() => dice);
    return Array.from({ length: 9 }, () => policy.next({ openMs: 0, sawMessage: false }) ?? 0);
  };
  const [first, last] = [waitsOf(0), waitsOf(0.999)];
  first.forEach((wait, at) => assert.ok((last[at] ?? 0) >= wait * 1.19, `${wait} and ${last[at]}`));
  assert.ok(Math.max(...last) <= 60_000 && Math.max(...last) > 59_000);
});

test('the wait is a second to a minute whatever a stream says, and after Retry-After never below that within ten minutes', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record(
          { openMs: fc.nat(), sawMessage: fc.boolean(), retryMs: fc.double(), retryAfterMs: fc.integer() },
          { requiredKeys: ['openMs', 'sawMessage'] },
        ),
      ),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (visits, dice) => {
        const policy = new ReconnectPolicy(() => dice);
        for (const visit of visits) {
          const wait = policy.next(visit);
          if (wait === undefined) return;
          const isTold = (visit.retryAfterMs ?? 0) > 50_000;
          assert.ok(wait >= 1_000 && wait <= (isTold ? 720_000 : 60_000), String(wait));
          assert.ok(wait >= Math.min(600_000, visit.retryAfterMs ?? 0));
        }
      },
    ),
  );
});

test('Retry-After is seconds or a date to come; anything else says nothing', () => {
  const now = Date.UTC(2026, 0, 1);
  assert.equal(readRetryAfter('7', now), 7_000);
  assert.equal(readRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now), 30_000);
  for (const value of [undefined, '', '-1', '1.5', 'soon', '1e9', 'Wed, 31 Dec 2025 00:00:00 GMT'])
    assert.equal(readRetryAfter(value, now), undefined, value);
});

test('a redirect is followed within the origin only, with the same method, and a few times', () => {
  const from = new URL('https://a.example/mcp');
  const hop = (method: string, status: number, location?: string, left = true): string | undefined =>
    nextHop(method, from, status, location, left)?.href;
  assert.equal(hop('POST', 200), undefined);
  assert.equal(hop('POST', 307, '/mcp/'), 'https://a.example/mcp/');
  assert.equal(hop('GET', 302, 'other'), 'https://a.example/other');
  const refused: readonly (readonly [
    string,
    number,
    string | undefined,
    RedirectError['reason'],
    boolean?,
  ])[] = [
    ['GET', 302, 'http://a.example/mcp', 'other-origin'],
    ['GET', 302, 'https://a.example:8443/', 'other-origin'],
    ['POST', 308, '//evil.example/', 'other-origin'],
    ['GET', 301, 'file:///etc/passwd', 'other-origin'],
    ['GET', 301, 'https://user:pass@a.example/', 'other-origin'],
    ['POST', 301, '/mcp/', 'method'],
    ['POST', 303, '/mcp/', 'method'],
    ['GET', 302, undefined, 'no-location'],
    ['GET', 302, '/loop', 'too-many', false],
  ];
  for (const [method, status, location, reason, left] of refused)
    assert.throws(
      () => hop(method, status, location, left),
      (error) => error instanceof RedirectError && error.reason === reason,
      `${method} ${status} ${location ?? ''}`,
    );
});

test('an address that no request can go to is not named as where a server has moved', () => {
  for (const location of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/plain,x'])
    assert.throws(
      () => nextHop('GET', new URL('https://a.example/mcp'), 302, location, true),
      (error) => error instanceof RedirectError && error.reason === 'other-origin' && error.to === undefined,
      location,
    );
});
