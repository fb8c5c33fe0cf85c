import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ConsentEntry, PersonDecision } from '../../../src/host/consentQueue';
import type { ToolCallResult } from '../../../src/protocol/content';
import type { ElicitationRequest } from '../../../src/protocol/elicitation';
import { failsSaying } from '../../support/failures';
import { withDefaults } from '../../support/formDefaults';
import { RealHost, SERVERS } from './realHost';

/** The one question that comes up next. */
async function question(real: RealHost): Promise<ConsentEntry> {
  await real.until(() => real.host.consent.entries().length === 1);
  const [entry] = real.host.consent.entries();
  assert.ok(entry);
  return entry;
}

async function asked(real: RealHost): Promise<{ readonly id: number; readonly request: ElicitationRequest }> {
  const { id, subject } = await question(real);
  assert.ok(subject.kind === 'elicitation');
  return { id, request: subject.request };
}

async function decide(real: RealHost, decision: PersonDecision): Promise<void> {
  assert.ok(real.host.consent.decide((await question(real)).id, decision));
}

function whole({ content }: ToolCallResult): string {
  return content
    .map((block) => (block.type === 'text' && block.text.kind === 'inline' ? block.text.text : ''))
    .join('\n');
}

const URL_CALL = { url: 'https://example.com/start', message: 'Please sign in.', elicitationId: 'id-1' };

for (const strict of [false, true]) {
  const isolation = strict ? 'process' : 'thread';
  const servers = { everything: { ...SERVERS.everything, strict } };

  test(`server-everything in a ${isolation}: a form with every kind of field is read, sent, declined and dismissed`, async () => {
    await RealHost.with(servers, async (real) => {
      const call = (): Promise<ToolCallResult> => real.call('everything', 'trigger-elicitation-request');
      const sent = call();
      const { id, request } = await asked(real);
      assert.ok(request.mode === 'form');
      assert.deepEqual(
        request.fields.map(({ input }) => input.kind),
        [
          ...['string', 'boolean', 'string', 'string', 'string', 'string', 'number', 'number'],
          ...['choice', 'choices', 'choice', 'choices', 'choice'],
        ],
      );
      assert.deepEqual(
        request.fields.filter(({ required }) => required).map(({ key }) => key),
        ['name'],
      );
      const content = withDefaults(request, { name: 'Ada', email: 'ada@example.com', check: false });
      assert.equal(
        real.host.consent.decide(id, { kind: 'submit', content: { ...content, integer: 101 } }),
        false,
      );
      assert.ok(real.host.consent.decide(id, { kind: 'submit', content }));
      const text = whole(await sent);
      assert.match(text, /User provided the requested information/);
      const raw = JSON.parse(/Raw result: ([^]*)$/.exec(text)?.[1] ?? '') as unknown;
      assert.deepEqual(raw, {
        action: 'accept',
        content: {
          name: 'Ada',
          email: 'ada@example.com',
          check: false,
          firstLine: 'It was a dark and stormy night.',
          integer: 42,
          number: 3.14,
          untitledSingleSelectEnum: 'Monica',
          untitledMultipleSelectEnum: ['Guitar'],
          titledSingleSelectEnum: 'hero-1',
          titledMultipleSelectEnum: ['fish-1'],
          legacyTitledEnum: 'pet-1',
        },
      });
      const declined = call();
      await decide(real, { kind: 'deny' });
      assert.match(whole(await declined), /User declined/);
      const dismissed = call();
      await decide(real, { kind: 'dismiss' });
      assert.match(whole(await dismissed), /User cancelled/);
    });
  });

  test(`server-everything in a ${isolation}: a page is consented to, by request and by error`, async () => {
    await RealHost.with(servers, async (real) => {
      const call = (errorPath: boolean): Promise<ToolCallResult> =>
        real.call('everything', 'trigger-url-elicitation', { ...URL_CALL, errorPath });
      const opened = call(false);
      const { id, request } = await asked(real);
      assert.deepEqual(request, {
        mode: 'url',
        message: 'Please sign in.',
        url: 'https://example.com/start',
      });
      assert.ok(real.host.consent.decide(id, { kind: 'allow-once' }));
      assert.match(whole(await opened), /"action": "accept"\n}/);
      const declined = call(false);
      await decide(real, { kind: 'deny' });
      assert.match(whole(await declined), /User declined to open the URL/);

      const needed = call(true);
      const first = await asked(real);
      assert.ok(first.request.mode === 'url');
      assert.equal(first.request.url, 'https://modelcontextprotocol.io/');
      assert.ok(real.host.consent.decide(first.id, { kind: 'allow-once' }));
      assert.equal((await question(real)).subject.kind, 'elicitation-wait');
      await decide(real, { kind: 'allow-once' });
      // The call was made again, and now asks in the other way.
      const second = await asked(real);
      assert.ok(second.request.mode === 'url');
      assert.equal(second.request.url, 'https://example.com/start');
      assert.ok(real.host.consent.decide(second.id, { kind: 'allow-once' }));
      assert.match(whole(await needed), /User completed the URL elicitation flow/);

      const givenUp = failsSaying(call(true), /declined to open a page/);
      await decide(real, { kind: 'deny' });
      await givenUp;
    });
  });
}
