// @ts-check
// Stands in for VS Code's native-watchdog: ends this process when the one that it watches is gone.
'use strict';

/** @param {number} pid process to watch */
exports.start = (pid) => {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 1000);
  timer.unref();
};

/** @param {number} [code] */
exports.exit = (code) => process.exit(code ?? 0);
