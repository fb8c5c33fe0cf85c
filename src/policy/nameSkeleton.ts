/** When two names look the same. Owns the table of look-alikes; compares nothing itself. */

/**
 * A small part of the confusables of Unicode TR39: letters of other scripts, and digits, that look like Latin letters.
 * All in lower case, because case is folded first.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аαɑ',
    b: 'Ьƅ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєҽ',
    g: 'ɡց',
    h: 'һհ',
    i: 'іιıɩ',
    j: 'јϳ',
    k: 'κк',
    l: '1|ӏⅼ',
    m: 'м',
    n: 'ոη',
    o: '0оοօσ',
    p: 'рρ',
    q: 'ԛ',
    r: 'г',
    s: 'ѕ',
    t: 'тτ',
    u: 'υսʋ',
    v: 'νѵ',
    w: 'ԝωѡ',
    x: 'хχ',
    y: 'уγү',
    z: 'ᴢ',
    '-': '‐‑–—−',
  }).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/**
 * Folds a name to what the eye makes of it: compatibility forms, case, invisible characters and look-alikes. For comparison
 * only; two names with the same skeleton can be taken for each other.
 */
export function skeletonOf(name: string): string {
  const folded = name
    .normalize('NFKC')
    // Upper case first: ß and final sigma then fold together with their long forms.
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim();
  return Array.from(folded, (character) => LOOK_ALIKES.get(character) ?? character)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/\s+/g, ' ');
}
