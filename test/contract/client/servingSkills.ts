/** A server with one skill of two files, and what reads them. */

import { createHash } from 'node:crypto';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { legacyAnswers, modernAnswers, type ClientHarness } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

/** The SKILL.md of the skill. */
export const URI = 'skill://pdf-processing/SKILL.md';
/** Its other file. */
export const FORMS = 'skill://pdf-processing/references/FORMS.md';
export const MARKDOWN = '---\nname: pdf-processing\ndescription: Fill PDF forms\n---\n\nBody.\n';
export const SUPPORT = 'Supporting content.\n';
/** What a server declares that has skills. */
export const DECLARES = { resources: {}, extensions: { 'io.modelcontextprotocol/skills': {} } };

/** A file as an entry lists it. */
export function listed(uri: string, content: string | Buffer): JsonObject {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { uri, digest, size: Buffer.byteLength(content) };
}

/** The entry of the skill. */
export function entry(change: JsonObject = {}): JsonObject {
  return {
    uri: URI,
    frontmatter: { name: 'pdf-processing', description: 'Fill PDF forms' },
    resources: [listed(URI, MARKDOWN), listed(FORMS, SUPPORT)],
    ...change,
  };
}

/** A server with these skills, whose files read as `files` says. */
export function serving(
  skills: readonly JsonValue[],
  files: Readonly<Record<string, JsonObject>> = {},
  capabilities: JsonObject = DECLARES,
): { readonly legacy: Map<string, Answer>; readonly modern: Map<string, Answer> } {
  const answers: Record<string, Answer> = {
    'skills/list': () => ({ resultType: 'complete', ttlMs: 0, cacheScope: 'private', skills }),
    'resources/read': ({ uri }) => {
      const text = uri === FORMS ? SUPPORT : MARKDOWN;
      return { contents: [{ uri, text, ...(typeof uri === 'string' ? files[uri] : undefined) }] };
    },
  };
  return {
    legacy: legacyAnswers(answers, { capabilities }),
    modern: modernAnswers(answers, { capabilities }),
  };
}

/** Reads a file of the skill, its SKILL.md unless told otherwise. */
export async function open(
  harness: ClientHarness,
  path?: string,
): Promise<readonly { uri: string; text: string | undefined }[]> {
  const { contents } = await harness.host.request('readSkillFile', {
    callId: 1,
    uri: URI,
    ...(path === undefined ? {} : { path }),
  });
  return contents.map(({ uri, body }) => ({
    uri,
    text: body.kind === 'text' && body.text.kind === 'inline' ? body.text.text : undefined,
  }));
}
