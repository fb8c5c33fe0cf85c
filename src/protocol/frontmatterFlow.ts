/** Collections of a frontmatter that are written in one line: `[a, b]` and `{ key: value }`. */

import type { JsonObject, JsonValue } from '../base/json';
import { plainScalar, quotedScalar, UnreadableYaml } from './frontmatterScalars';

/** A value, and where it ends. */
interface Read<T> {
  readonly value: T;
  readonly end: number;
}

/** True for what a collection begins with. */
export function isFlowStart(first: string): boolean {
  return first === '[' || first === '{';
}

export class FlowReader {
  /** @param depth collections that may stand in each other. */
  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {}

  /** The collection that begins at `start`. @throws UnreadableYaml */
  read(start: number): Read<JsonValue> {
    if (this.depth < 1) throw new UnreadableYaml('is nested too deeply');
    return this.text[start] === '[' ? this.list(start + 1) : this.map(start + 1);
  }

  private list(start: number): Read<JsonValue> {
    const items: JsonValue[] = [];
    for (let at = this.skip(start); ;) {
      if (this.text[at] === ']') return { value: items, end: at + 1 };
      const item = this.item(at);
      items.push(item.value);
      at = this.behind(item.end, ']');
    }
  }

  private map(start: number): Read<JsonObject> {
    const entries = new Map<string, JsonValue>();
    for (let at = this.skip(start); ;) {
      if (this.text[at] === '}') return { value: Object.fromEntries(entries), end: at + 1 };
      const key = this.item(at);
      const colon = this.skip(key.end);
      if (typeof key.value !== 'string' || !/^:\s/.test(this.text.slice(colon, colon + 2)))
        throw new UnreadableYaml('a mapping in one line has no "key: value"');
      if (entries.has(key.value)) throw new UnreadableYaml('a key is given twice');
      const item = this.item(this.skip(colon + 1));
      entries.set(key.value, item.value);
      at = this.behind(item.end, '}');
    }
  }

  private item(at: number): Read<JsonValue> {
    const first = this.text[at] ?? '';
    if (isFlowStart(first)) return new FlowReader(this.text, this.depth - 1).read(at);
    if (first === '"' || first === "'") return quotedScalar(this.text, at);
    let end = at;
    while (end < this.text.length && !',[]{}'.includes(this.text[end] ?? '')) {
      if (this.text[end] === ':' && /[\s,[\]{}]/.test(this.text[end + 1] ?? ' ')) break;
      if (this.text[end] === '#') throw new UnreadableYaml('a comment in the middle of a line');
      end++;
    }
    const plain = this.text.slice(at, end).trimEnd();
    if (plain === '') throw new UnreadableYaml('a collection in one line has an empty value');
    return { value: plainScalar(plain), end };
  }

  /** Where the next item begins; the end of the collection is left to be seen. */
  private behind(end: number, close: string): number {
    const at = this.skip(end);
    if (this.text[at] === close) return at;
    if (this.text[at] !== ',') throw new UnreadableYaml('a collection does not end on its line');
    return this.skip(at + 1);
  }

  private skip(at: number): number {
    while (this.text[at] === ' ' || this.text[at] === '\t') at++;
    return at;
  }
}
