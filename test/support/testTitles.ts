/** The titles of the tests in a source file, as they stand there: of a template its text with `${…}` in it. Runs nothing. */

import ts from 'typescript';

/** Titles of `test`, `it`, `describe` and sub-tests; what is skipped or to do is no test. */
export function testTitles(source: string): ReadonlySet<string> {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    // A test has a title and what it does; with one argument it is the `test` of a regular expression.
    if (ts.isCallExpression(node) && node.arguments.length > 1 && isTest(node.expression)) {
      const title = titleOf(node.arguments[0], file);
      if (title !== undefined) titles.add(title);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['test', 'it', 'describe'].includes(callee.text);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'test';
}

function titleOf(argument: ts.Expression | undefined, file: ts.SourceFile): string | undefined {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return ts.isTemplateExpression(argument) ? argument.getText(file).slice(1, -1) : undefined;
}
