import { leavesAlive } from './heapCases';

const array = { open: '{"jsonrpc":"2.0","id":1,"result":[', close: '0]}' };

/** The densest patterns known: heap bytes per byte of text between 12 and 32. */
for (const [what, unit] of Object.entries({
  'objects with an index as name': '{"25":0},',
  'objects with an escaped index as name': '{"\\u00325":0},',
  'empty objects': '{},',
  'nested arrays': '[[[[[[[[[[]]]]]]]]]],',
  'objects in arrays': '[{}],',
  'numbers that are no small integers': '-0,-0,[],',
})) {
  leavesAlive(what, { ...array, unit }, 256);
  if (what.endsWith('name')) leavesAlive(what, { ...array, unit }, 512);
}
