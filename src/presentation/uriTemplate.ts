/**
 * URI templates (RFC 6570, levels 1 to 4), read and expanded in time linear in their length: templates come from servers (T154).
 */

import { err, ok, type Result } from '../base/result';

/** A value of a variable. An empty list counts as undefined (RFC 6570 §2.3). */
export type TemplateValue = string | readonly string[] | ReadonlyMap<string, string>;

/** One use of a variable. */
interface VariableSpec {
  readonly name: string;
  /** `*`: a list is spread into several parts. */
  readonly explode: boolean;
  /** `:n`: only the first characters of a string. */
  readonly prefix?: number;
}

type Operator = '' | '+' | '#' | '.' | '/' | ';' | '?' | '&';

type Part = string | { readonly operator: Operator; readonly variables: readonly VariableSpec[] };

/** A template that was read. */
interface UriTemplate {
  readonly parts: readonly Part[];
  /** Each variable once, in order of first use. */
  readonly variables: readonly TemplateVariable[];
}

/** One variable of a template, to be asked for. */
export interface TemplateVariable {
  readonly name: string;
  /** Takes a list. */
  readonly explode: boolean;
  /** May well be left out: it belongs to the query. */
  readonly optional: boolean;
}

/** Characters of a template, and below of what becomes of it. */
const MAX_TEMPLATE = 8_192;
const MAX_EXPRESSIONS = 100;
const MAX_VARIABLES = 50;
const MAX_EXPANSION = 65_536;

/** RFC 6570 appendix A. */
const RULES: Readonly<
  Record<Operator, { first: string; separator: string; named: boolean; ifEmpty: string; reserved: boolean }>
> = {
  '': { first: '', separator: ',', named: false, ifEmpty: '', reserved: false },
  '+': { first: '', separator: ',', named: false, ifEmpty: '', reserved: true },
  '#': { first: '#', separator: ',', named: false, ifEmpty: '', reserved: true },
  '.': { first: '.', separator: '.', named: false, ifEmpty: '', reserved: false },
  '/': { first: '/', separator: '/', named: false, ifEmpty: '', reserved: false },
  ';': { first: ';', separator: ';', named: true, ifEmpty: '', reserved: false },
  '?': { first: '?', separator: '&', named: true, ifEmpty: '=', reserved: false },
  '&': { first: '&', separator: '&', named: true, ifEmpty: '=', reserved: false },
};

/** Reads a template. The error is our own sentence. */
export function parseUriTemplate(template: string): Result<UriTemplate, string> {
  if (template.length > MAX_TEMPLATE) return err(`The template is longer than ${MAX_TEMPLATE} characters.`);
  const parts: Part[] = [];
  let rest = 0;
  let expressions = 0;
  for (let open = template.indexOf('{'); open !== -1; open = template.indexOf('{', rest)) {
    const close = template.indexOf('}', open);
    if (close === -1) return err('The template has a { without its }.');
    if (open > rest) parts.push(template.slice(rest, open));
    const expression = readExpression(template.slice(open + 1, close));
    if (!expression.ok) return expression;
    parts.push(expression.value);
    expressions += 1;
    if (expressions > MAX_EXPRESSIONS)
      return err(`The template has more than ${MAX_EXPRESSIONS} expressions.`);
    rest = close + 1;
  }
  if (template.indexOf('}', rest) !== -1) return err('The template has a } without its {.');
  if (rest < template.length) parts.push(template.slice(rest));
  const variables = variablesOf(parts);
  return variables.length > MAX_VARIABLES
    ? err(`The template has more than ${MAX_VARIABLES} variables.`)
    : ok({ parts, variables });
}

/** Fills a template in; variables without a value are left out as the RFC says. The error is our own sentence. */
export function expandUriTemplate(
  template: UriTemplate,
  values: ReadonlyMap<string, TemplateValue>,
): Result<string, string> {
  let uri = '';
  for (const part of template.parts) {
    uri +=
      typeof part === 'string' ? encode(part, true) : expandExpression(part.operator, part.variables, values);
    if (uri.length > MAX_EXPANSION) return err('The address becomes too long.');
  }
  return ok(uri);
}

function readExpression(body: string): Result<Exclude<Part, string>, string> {
  const first = body.charAt(0);
  const operator = first !== '' && Object.hasOwn(RULES, first) ? (first as Operator) : '';
  if (operator === '' && '=,!@|'.includes(first))
    return err('The template uses an operator that is not known.');
  const variables: VariableSpec[] = [];
  for (const spec of body.slice(operator.length).split(',')) {
    const match = /^((?:\w|%[0-9A-Fa-f]{2})(?:\.?(?:\w|%[0-9A-Fa-f]{2}))*)(?:(\*)|:([1-9]\d{0,3}))?$/.exec(
      spec,
    );
    // Not in the RFC, but servers do write names with a hyphen.
    const loose = match ?? /^([\w-]+)(\*)?$/.exec(spec);
    const name = loose?.[1];
    if (loose === null || name === undefined)
      return err('The template has a variable whose name cannot be read.');
    const prefix = loose[3] === undefined ? undefined : Number(loose[3]);
    variables.push({ name, explode: loose[2] === '*', ...(prefix === undefined ? {} : { prefix }) });
  }
  return ok({ operator, variables });
}

function variablesOf(parts: readonly Part[]): readonly TemplateVariable[] {
  const found = new Map<string, TemplateVariable>();
  for (const part of parts) {
    if (typeof part === 'string') continue;
    const optional = part.operator === '?' || part.operator === '&';
    for (const { name, explode } of part.variables) {
      const known = found.get(name);
      found.set(name, {
        name,
        explode: explode || (known?.explode ?? false),
        optional: optional && (known?.optional ?? true),
      });
    }
  }
  return [...found.values()];
}

function expandExpression(
  operator: Operator,
  variables: readonly VariableSpec[],
  values: ReadonlyMap<string, TemplateValue>,
): string {
  const rule = RULES[operator];
  const expanded: string[] = [];
  for (const variable of variables) {
    const value = values.get(variable.name);
    if (value === undefined) continue;
    const text = expandVariable(rule, variable, value);
    if (text !== undefined) expanded.push(text);
  }
  return expanded.length === 0 ? '' : rule.first + expanded.join(rule.separator);
}

/** RFC 6570 §3.2.1, the algorithm of appendix A. */
function expandVariable(
  rule: (typeof RULES)[Operator],
  { name, explode, prefix }: VariableSpec,
  value: TemplateValue,
): string | undefined {
  const named = (key: string, encoded: string): string =>
    encoded === '' ? key + rule.ifEmpty : `${key}=${encoded}`;
  if (typeof value === 'string') {
    const cut = prefix === undefined ? value : [...value].slice(0, prefix).join('');
    const encoded = encode(cut, rule.reserved);
    return rule.named ? named(name, encoded) : encoded;
  }
  const pairs: readonly (readonly [string | undefined, string])[] =
    value instanceof Map
      ? [...(value as ReadonlyMap<string, string>)]
      : (value as readonly string[]).map((item) => [undefined, item] as const);
  if (pairs.length === 0) return undefined;
  if (explode) {
    return pairs
      .map(([key, item]) => {
        const encoded = encode(item, rule.reserved);
        if (key !== undefined)
          return rule.named
            ? named(encode(key, rule.reserved), encoded)
            : `${encode(key, rule.reserved)}=${encoded}`;
        return rule.named ? named(name, encoded) : encoded;
      })
      .join(rule.separator);
  }
  const joined = pairs
    .map(
      ([key, item]) =>
        (key === undefined ? '' : `${encode(key, rule.reserved)},`) + encode(item, rule.reserved),
    )
    .join(',');
  return rule.named ? named(name, joined) : joined;
}

/** Percent-encodes; `reserved` lets reserved characters and existing percent triplets pass (RFC 6570 §3.2.3). */
function encode(text: string, reserved: boolean): string {
  // A lone surrogate has no UTF-8 form.
  const whole = text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (!reserved) return encodeURIComponent(whole).replaceAll(/[!'()*]/g, percent);
  return whole.replaceAll(/%(?![0-9A-Fa-f]{2})|[^\w.~:/?#[\]@!$&'()*+,;=%-]+/gu, (found) =>
    encodeURIComponent(found),
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
