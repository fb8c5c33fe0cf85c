/** The limits of a request, which the person may tighten. */

import type { PageEdit, PageField, PageLimits, PageWords } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { Field, type Desk } from './samplingParts';

type LimitName = 'maxTokens' | 'temperature' | 'stopSequences';
type LimitEdit = Omit<PageEdit, 'texts'>;

export class Limits {
  readonly boxes: readonly HTMLElement[];
  private readonly fields: ReadonlyMap<LimitName, Field<HTMLInputElement>>;
  private readonly initial: ReadonlyMap<LimitName, string>;

  constructor(desk: Desk, limits: PageLimits) {
    const { words } = desk;
    this.initial = new Map([
      ['maxTokens', String(limits.maxTokens)],
      ['temperature', limits.temperature === undefined ? '' : String(limits.temperature)],
      ['stopSequences', JSON.stringify(limits.stopSequences)],
    ]);
    this.fields = new Map([
      [
        'maxTokens',
        this.field('maxTokens', words, limits.notes.maxTokens, {
          min: '1',
          max: String(limits.mostTokens),
          step: '1',
        }),
      ],
      ['temperature', this.field('temperature', words, undefined, { min: '0', step: 'any' })],
      ['stopSequences', this.field('stopSequences', words, limits.notes.stopSequences)],
    ]);
    this.boxes = [...this.fields.values()].map(({ box }) => box);
    for (const { input } of this.fields.values()) input.addEventListener('input', desk.remember);
  }

  /** What is typed, by field. */
  get typed(): readonly (readonly [LimitName, string])[] {
    return [...this.fields].flatMap(([name, { input }]) =>
      input.value === this.initial.get(name) ? [] : [[name, input.value] as const],
    );
  }

  restore(name: string, value: string): void {
    for (const [known, { input }] of this.fields) if (known === name) input.value = value;
  }

  /** Only what the person changed; undefined when something of it cannot be read, which then is said. */
  read(): LimitEdit | undefined {
    const edit: { -readonly [K in keyof LimitEdit]: LimitEdit[K] } = {};
    for (const [name, value] of this.typed) {
      // No number is zero, of which the panel says what is wrong with it.
      if (name === 'maxTokens') edit.maxTokens = Number(value) || 0;
      else if (name === 'temperature') edit.temperature = value.trim() === '' ? null : Number(value);
      else {
        const stops = readTexts(value);
        if (!stops) {
          this.fields.get(name)?.point(this.fields.get(name)?.input.title ?? '');
          return undefined;
        }
        edit.stopSequences = stops;
      }
    }
    return edit;
  }

  /** @returns whether there is such a field */
  point(field: PageField, message: string): boolean {
    for (const [name, one] of this.fields)
      if (name === field) {
        one.point(message);
        return true;
      }
    return false;
  }

  private field(
    name: LimitName,
    words: PageWords,
    note: string | undefined,
    range?: Readonly<Record<string, string>>,
  ): Field<HTMLInputElement> {
    const hint = name === 'stopSequences' ? words.stopSequencesHint : undefined;
    const said = [hint, note].filter((text) => text !== undefined);
    const input = element('input', {
      id: name,
      type: range === undefined ? 'text' : 'number',
      ...(hint === undefined ? {} : { title: hint }),
      ...(name === 'temperature' ? { placeholder: words.leftToModel } : {}),
      ...range,
    });
    input.value = this.initial.get(name) ?? '';
    return new Field(words[name], input, said.length === 0 ? undefined : said.join('. '));
  }
}

function readTexts(json: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(json.trim() === '' ? '[]' : json);
    if (!Array.isArray(value)) return undefined;
    const texts = (value as readonly unknown[]).filter((text) => typeof text === 'string');
    return texts.length === value.length ? texts : undefined;
  } catch {
    return undefined;
  }
}
