// @ts-check
/** Topology M on the library's own Node entry point, which installs its runtime when it is loaded. */
import 'vscode-jsonrpc/node';
import { runSession } from './sessionM.mjs';

runSession();
