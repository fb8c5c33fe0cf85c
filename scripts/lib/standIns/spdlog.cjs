// @ts-check
// Stands in for VS Code's @vscode/spdlog, a native module: the same functions, writing plain text files.
// VS Code formats the lines itself (`clearFormatters`); until it does, a line gets a time and a level in front.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
let globalLevel = 2;

/**
 * @param {Date} date
 * @returns {string} as the Output view parses it: `2026-01-31 23:59:59.999`, local time
 */
function localTime(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 23).replace('T', ' ');
}

class Logger {
  /**
   * @param {string} _kind
   * @param {string} _name
   * @param {string} file
   * @param {number} maxSize bytes
   * @param {number} maxFiles how many old files are kept beside the current one
   */
  constructor(_kind, _name, file, maxSize, maxFiles) {
    this.file = file;
    this.maxSize = maxSize;
    this.maxFiles = maxFiles;
    this.level = globalLevel;
    this.plain = false;
    this.open();
  }

  open() {
    this.descriptor = fs.openSync(this.file, 'a');
    this.size = fs.fstatSync(this.descriptor).size;
  }

  /** @param {string} message */
  trace(message) {
    this.write(0, message);
  }
  /** @param {string} message */
  debug(message) {
    this.write(1, message);
  }
  /** @param {string} message */
  info(message) {
    this.write(2, message);
  }
  /** @param {string} message */
  warn(message) {
    this.write(3, message);
  }
  /** @param {string} message */
  error(message) {
    this.write(4, message);
  }
  /** @param {string} message */
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }
  /** @param {number} level */
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.plain = true;
  }
  flush() {}

  drop() {
    if (this.descriptor === undefined) return;
    fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  /**
   * @param {number} level
   * @param {string} message
   */
  write(level, message) {
    if (level < this.level || this.descriptor === undefined) return;
    const line = this.plain ? message : `${localTime(new Date())} [${levels[level]}] ${message}\n`;
    const bytes = Buffer.from(line);
    if (this.maxSize > 0 && (this.size ?? 0) + bytes.length > this.maxSize) this.rotate();
    if (this.descriptor === undefined) return;
    fs.writeSync(this.descriptor, bytes);
    this.size = (this.size ?? 0) + bytes.length;
  }

  rotate() {
    this.drop();
    const { dir, name, ext } = path.parse(this.file);
    const numbered = (/** @type {number} */ n) =>
      n === 0 ? this.file : path.join(dir, `${name}.${n}${ext}`);
    for (let n = Math.max(this.maxFiles - 1, 0); n >= 0; n--) {
      if (fs.existsSync(numbered(n))) fs.renameSync(numbered(n), numbered(n + 1));
    }
    this.open();
  }
}

/** @type {(name: string, file: string, maxSize: number, maxFiles: number) => Promise<Logger>} */
const createLogger = async (name, file, maxSize, maxFiles) => {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger('rotating', name, file, maxSize, maxFiles);
};

exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setFlushOn = () => {};
/** @param {number} level */
exports.setLevel = (level) => {
  globalLevel = level;
};
