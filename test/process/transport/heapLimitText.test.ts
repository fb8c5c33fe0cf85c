import { MIB } from './harness';
import { leavesAlive } from './heapCases';

const text = { open: '{"jsonrpc":"2.0","id":1,"result":"', close: '"}' };

for (const [what, unit] of Object.entries({
  'plain text': 'abcdefgh',
  'wide text': 'abcdef\u{1f600}',
  'escaped text': 'abcd\\u4e00',
})) {
  leavesAlive(what, { ...text, unit }, 256);
  leavesAlive(what, { ...text, unit }, 512, what === 'plain text' ? 64 * MIB : 0);
}
