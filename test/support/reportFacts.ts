/** What a report of diagnostics says of the place it comes from, for tests that are about something else. */

export const NO_FACTS = {
  extension: '',
  loadMs: 0,
  activateMs: 0,
  activateCpuMs: 0,
  editor: '',
  node: '',
  platform: '',
  trusted: true,
  userHome: '/home/person',
};
