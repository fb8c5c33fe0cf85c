// @ts-check
/**
 * A server of skills, of both eras, made with the official SDK 2.x: names that need escapes, a binary file, and frontmatter as people write it.
 * Appends every request to the file that `REQUESTS` names, if there is one.
 */
import { appendFileSync } from 'node:fs';

import { McpServer } from '@modelcontextprotocol/server';
import { memorySkillFiles, SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const MANIFEST = `---
name: tide-tables
description: >-
  Reads tide tables and
  says when it is safe to walk.
license: MIT
metadata:
  version: "1.0"
  authors: a, b
---

# Tide tables
`;

const catalog = await SkillCatalog.load(
  memorySkillFiles({
    'tide-tables/SKILL.md': MANIFEST,
    'tide-tables/references/North Sea.md': '# North Sea\n',
    'tide-tables/assets/dot.bin': new Uint8Array([0, 255, 1]),
  }),
);
const requests = process.env['REQUESTS'];
if (requests !== undefined) process.stdin.on('data', (chunk) => appendFileSync(requests, chunk));
serveStdio(() => {
  const server = new McpServer({ name: 'skills', version: '1' });
  catalog.attach(server);
  return server;
});
