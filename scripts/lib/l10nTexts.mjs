// @ts-check
// Owns finding the texts that the source hands to `l10n.t`, which are what translators get. Knows nothing of languages.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repoRoot } from './paths.mjs';

/** The bundle in the form that the editor reads: text by text, sorted. */
export const bundleFile = path.join(repoRoot, 'l10n', 'bundle.l10n.json');

/**
 * @returns {string} what the bundle must hold
 * @throws Error for a call whose text is not written out, because it could not be translated
 */
export function l10nBundle() {
  const folder = path.join(repoRoot, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = files.flatMap((name) => textsOf(path.join(folder, name)));
  const sorted = [...new Set(texts)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`;
}

/** @param {string} file @returns {string[]} */
function textsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const texts = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && /(?:^|\.)l10n\.t$/.test(node.expression.getText())) {
      const [text] = node.arguments;
      if (!text || !ts.isStringLiteralLike(text))
        throw new Error(
          `${path.relative(repoRoot, file)}: l10n.t needs its text written out: ${node.getText()}`,
        );
      texts.push(text.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}
