/** Hostile text, and the way back from what is shown to what was given. */

import fc from 'fast-check';

const PIECES = [
  ...[
    '[',
    ']',
    '(',
    ')',
    '$',
    'command:',
    'https://',
    'file:',
    'a',
    ' ',
    '"',
    "'",
    '\u200B',
    '\u202E',
    '\n',
    '~',
    'sync',
  ],
  ...[
    '\u{E0041}',
    '\uD800',
    '\uDC00',
    '\u200A',
    '⟨',
    '⟩',
    '⟨U+202E⟩',
    '\t',
    '    ',
    'e\u0301',
    '\u0301',
    '❤\uFE0F',
    '👩\u200D💻',
  ],
  ...['×', '\u00A0', '\u3000', '🇩🇪', '\uFE0F', '1\uFE0F\u20E3', '\r\n', '\u2028', '\u{1F3FD}', '\u1100'],
];
/** Brackets, markers, hidden characters and parts of clusters in any order. */
export const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join(''));
/** {@link hostile} text, and any other. */
export const anyText = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

/** Takes the markers back, which proves that nothing was lost. */
export function restored(shown: string): string {
  return shown
    .replaceAll('\u200A(', '(')
    .replaceAll(/⟨([^×⟩]+)(?:×(\d+))?⟩/g, (_, name: string, count = '1') => {
      const character =
        name === 'space'
          ? ' '
          : name === 'tab'
            ? '\t'
            : String.fromCodePoint(Number.parseInt(name.slice(2), 16));
      return character.repeat(Number(count));
    });
}
