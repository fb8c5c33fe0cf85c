/** The variables of server entries: `${workspaceFolder}`, `${env:X}` and the like. One pass, nothing executes (T017, T018). */

import { err, ok, type Result } from '../base/result';
import { safeText } from './safeText';
import { isSecretName } from './secretPatterns';
import type { EntryProblem, ServerEntry } from './serverEntry';

/** One variable, as it stands in a text. */
export type Variable =
  | { readonly kind: 'workspaceFolder'; readonly name?: string }
  | { readonly kind: 'userHome' }
  | { readonly kind: 'pathSeparator' }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'input'; readonly name: string };

/** Where values come from. A look-up that answers undefined makes the expansion fail. */
export interface VariableScope {
  /** The folder of the entry; undefined when there is none, or more than one to choose from. */
  readonly workspaceFolder?: string;
  /** Folder name to path. */
  readonly workspaceFolders: ReadonlyMap<string, string>;
  readonly userHome?: string;
  readonly pathSeparator: '/' | '\\';
  readonly env: (name: string) => string | undefined;
  readonly input: (id: string) => string | undefined;
}

/** Why a text could not be expanded. `message` is safe to show and holds no value. */
interface VariableProblem {
  readonly code: 'unclosed' | 'unknown' | 'unresolved' | 'too-long';
  readonly message: string;
}

/** An expanded text and the variables that went into it. */
interface Expansion {
  readonly text: string;
  readonly used: readonly Variable[];
}

/** Longest expanded text, in UTF-16 code units. */
export const MAX_EXPANDED_LENGTH = 1_048_576;

/**
 * Replaces every variable by its value. Values are inserted as they are: what looks like a variable in a value stays
 * text. Anything else that starts with `${` is an error, never literal text that would be sent somewhere.
 */
export function expandVariables(text: string, scope: VariableScope): Result<Expansion, VariableProblem> {
  const used: Variable[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const piece of piecesOf(text)) {
    if (piece.kind === 'problem') return err(piece.problem);
    const value = piece.kind === 'text' ? ok(piece.text) : valueOf(piece.variable, scope);
    if (!value.ok) return value;
    if (piece.kind === 'variable') used.push(piece.variable);
    length += value.value.length;
    if (length > MAX_EXPANDED_LENGTH)
      return err({ code: 'too-long', message: 'too long once its variables are replaced' });
    parts.push(value.value);
  }
  return ok({ text: parts.join(''), used });
}

/** A variable and the field of the entry that names it, such as `args[2]`. */
interface VariableUse {
  readonly field: string;
  readonly variable: Variable;
}

/** Every variable an entry names, in the order of its fields. Malformed ones are left to {@link variableProblems}. */
export function listVariables(entry: ServerEntry): VariableUse[] {
  const uses: VariableUse[] = [];
  for (const [field, text] of expandableFields(entry)) {
    for (const piece of piecesOf(text)) {
      if (piece.kind === 'variable') uses.push({ field, variable: piece.variable });
    }
  }
  return uses;
}

/**
 * What is wrong with the variables of an entry before any value is known: malformed and unknown ones, and environment
 * variables with the name of a secret in a URL, where every proxy and log on the way would read them (T017).
 */
export function variableProblems(entry: ServerEntry): EntryProblem[] {
  const problems: EntryProblem[] = [];
  for (const [field, text] of expandableFields(entry)) {
    for (const piece of piecesOf(text)) {
      if (piece.kind === 'problem') problems.push({ field, message: piece.problem.message });
      else if (piece.kind === 'variable' && field === 'url' && isSecretEnv(piece.variable)) {
        const message = `${nameOf(piece.variable)} looks like a secret and is not put into a URL; use a header instead`;
        problems.push({ field, message });
      }
    }
  }
  return problems;
}

/** The fields whose text is expanded, with their paths. Names of variables and headers are not among them. */
export function expandableFields(entry: ServerEntry): (readonly [field: string, text: string])[] {
  const { launch } = entry;
  if (launch.kind === 'remote') {
    return [
      ['url', launch.url],
      ...[...launch.headers].map(([name, value]) => [`headers.${name}`, value] as const),
      ...[...(launch.oauth?.texts ?? [])].map(([name, value]) => [`oauth.${name}`, value] as const),
    ];
  }
  const fields: (readonly [string, string])[] = [['command', launch.command]];
  launch.args.forEach((arg, index) => fields.push([`args[${index}]`, arg]));
  if (launch.cwd !== undefined) fields.push(['cwd', launch.cwd]);
  for (const [name, value] of launch.env) if (value !== null) fields.push([`env.${name}`, value]);
  if (launch.envFile !== undefined) fields.push(['envFile', launch.envFile]);
  return fields;
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'problem'; readonly problem: VariableProblem };

function* piecesOf(text: string): Generator<Piece> {
  let position = 0;
  for (;;) {
    const start = text.indexOf('${', position);
    if (start > position || start === -1)
      yield { kind: 'text', text: text.slice(position, start === -1 ? text.length : start) };
    if (start === -1) return;
    const end = text.indexOf('}', start);
    if (end === -1) {
      // Whatever follows cannot be closed either, so looking on would only repeat the search.
      yield problem('unclosed', `${safeText(text.slice(start), 40)} has no closing brace`);
      return;
    }
    yield readVariable(text.slice(start + 2, end));
    position = end + 1;
  }
}

function readVariable(body: string): Piece {
  const colon = body.indexOf(':');
  const kind = colon === -1 ? body : body.slice(0, colon);
  const name = colon === -1 ? undefined : body.slice(colon + 1);
  // A dollar and brace inside a variable would be a variable inside a variable; there is no such thing here.
  if (name !== undefined && (name === '' || name.includes('${'))) return unknownVariable(body);
  switch (kind) {
    case 'workspaceFolder':
      return variable(name === undefined ? { kind } : { kind, name });
    case 'userHome':
    case 'pathSeparator':
      return name === undefined ? variable({ kind }) : unknownVariable(body);
    case 'env':
    case 'input':
      return name === undefined ? unknownVariable(body) : variable({ kind, name });
    default:
      return unknownVariable(body);
  }
}

function variable(found: Variable): Piece {
  return { kind: 'variable', variable: found };
}

function unknownVariable(body: string): Piece {
  return problem('unknown', `\${${safeText(body, 60)}} is not a variable of this host`);
}

function problem(code: VariableProblem['code'], message: string): Piece {
  return { kind: 'problem', problem: { code, message } };
}

function valueOf(wanted: Variable, scope: VariableScope): Result<string, VariableProblem> {
  const value = lookUp(wanted, scope);
  return value === undefined
    ? err({ code: 'unresolved', message: `${nameOf(wanted)} has no value` })
    : ok(value);
}

function lookUp(wanted: Variable, scope: VariableScope): string | undefined {
  switch (wanted.kind) {
    case 'workspaceFolder':
      return wanted.name === undefined ? scope.workspaceFolder : scope.workspaceFolders.get(wanted.name);
    case 'userHome':
      return scope.userHome;
    case 'pathSeparator':
      return scope.pathSeparator;
    case 'env':
      return scope.env(wanted.name);
    case 'input':
      return scope.input(wanted.name);
  }
}

function nameOf(wanted: Variable): string {
  const name = 'name' in wanted ? `:${safeText(wanted.name, 60)}` : '';
  return `\${${wanted.kind}${name}}`;
}

function isSecretEnv(wanted: Variable): boolean {
  return wanted.kind === 'env' && isSecretName(wanted.name);
}
