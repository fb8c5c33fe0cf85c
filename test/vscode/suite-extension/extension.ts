/** The extension under development that carries the suites. It does nothing itself: VS Code loads the tests beside it. */
export function activate(): void {
  // Nothing to set up.
}
