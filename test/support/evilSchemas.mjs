// Tools whose schemas are traps, by what they do: schema of the arguments, schema of the results, and what the tool answers with.
const object = (properties, more = {}) => ({ type: 'object', properties, ...more });
const plain = { type: 'object' };

/** So many levels of one keyword. */
function nested(levels, wrap) {
  let schema = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = wrap(schema);
  return schema;
}

function doubling() {
  const $defs = { d0: { type: 'string' } };
  for (let level = 1; level <= 30; level++)
    $defs[`d${level}`] = { allOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] };
  return object({ v: { $ref: '#/$defs/d30' } }, { $defs });
}

const many = (count, of) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, of]));

/** @param {number} sink port at which nobody should ask for anything */
export const trapsOf = (sink) => ({
  endlessPattern: [plain, object({ v: { type: 'string', pattern: '^(a+)+$' } }), { v: `${'a'.repeat(40)}!` }],
  endlessKeys: [
    plain,
    { type: 'object', patternProperties: { '^(a+)+$': {} } },
    { [`${'a'.repeat(40)}!`]: 1 },
  ],
  doubling: [plain, doubling(), { v: 'x' }],
  manyChoices: [plain, object({ v: { anyOf: Array.from({ length: 20_000 }, () => plain) } }), { v: {} }],
  manyFields: [object(many(5_000, { type: 'string' })), plain, {}],
  manyValues: [
    plain,
    object({ v: { enum: Array.from({ length: 100_000 }, (_, index) => index) } }),
    { v: 1 },
  ],
  deepSchema: [plain, nested(80, (schema) => object({ v: schema })), { v: {} }],
  namedText: [plain, object({ v: { type: 'string' } }, { $id: 'x' }), { v: 'text' }],
  namedNumber: [plain, object({ v: { type: 'number' } }, { $id: 'x' }), { v: 'text' }],
  namedDialect: [
    plain,
    { ...object({ v: { type: 'number' } }), $id: 'http://json-schema.org/draft-07/schema#' },
    { v: 1 },
  ],
  fetched: [plain, object({ v: { $ref: `http://127.0.0.1:${sink}/schema.json` } }), { v: 1 }],
  fetchedFile: [plain, object({ v: { $ref: 'file:///etc/passwd' } }), { v: 1 }],
  fetchedDialect: [plain, { ...object({ v: {} }), $schema: `http://127.0.0.1:${sink}/` }, { v: 1 }],
  cyclic: [
    { $defs: { n: object({ c: { $ref: '#/$defs/n' } }) }, $ref: '#/$defs/n', type: 'object' },
    { $defs: { n: object({ c: { $ref: '#/$defs/n' } }) }, $ref: '#/$defs/n', type: 'object' },
    { c: { c: {} } },
  ],
  oldDialect: [plain, { ...plain, $schema: 'http://json-schema.org/draft-04/schema#' }, {}],
  lying: [plain, object({ v: { type: 'number' } }, { required: ['v'] }), { v: 'no number' }],
  silentOutput: [plain, object({ v: { type: 'number' } }), undefined],
  hugeText: [object({ v: { type: 'string', description: 'x'.repeat(1_000_000) } }), plain, {}],
  oddFields: [
    object({
      __proto__: null,
      ['__proto__']: { type: 'string' },
      '<img src=x onerror=y>': { type: 'string', title: 'Password', description: 'x'.repeat(10_000) },
      wrong: { type: 'number', default: { a: 1 }, format: 'no-such-format', const: 7 },
      constructor: { enum: [] },
    }),
    plain,
    {},
  ],
});
