// @ts-check
'use strict';

/** A language model that is not one: it quotes the last message that it was sent, in a few words of its own. */

const vscode = require('vscode');

const VENDOR = 'mcp-host-demo';
const NAME = 'Demo model (not a real AI)';
const MAX_OUTPUT_TOKENS = 400;
const MAX_QUOTED_CHARACTERS = 1000;
const PARTS = 5;
const PAUSE_MS = 60;

/** @type {vscode.LanguageModelChatInformation} */
const MODEL = {
  id: 'demo-model',
  name: NAME,
  family: 'demo',
  version: '1.0.0',
  tooltip: 'Repeats what it is asked. Not an AI: nothing leaves this machine.',
  detail: 'canned answers',
  maxInputTokens: 8000,
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  capabilities: {},
};

/** @param {vscode.ExtensionContext} context */
function activate(context) {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider(VENDOR, provider));
}

/** @type {vscode.LanguageModelChatProvider} */
const provider = {
  provideLanguageModelChatInformation: () => [MODEL],

  async provideLanguageModelChatResponse(_model, messages, options, progress, token) {
    const pieces = tokens(answerTo(messages)).slice(0, tokenLimit(options.modelOptions));
    const size = Math.ceil(pieces.length / PARTS);
    for (let start = 0; start < pieces.length; start += size) {
      await pause(PAUSE_MS, token);
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      progress.report(new vscode.LanguageModelTextPart(pieces.slice(start, start + size).join('')));
    }
  },

  async provideTokenCount(_model, text) {
    return tokens(typeof text === 'string' ? text : textOf(text)).length;
  },
};

/**
 * The same messages always give the same answer.
 * @param {readonly vscode.LanguageModelChatRequestMessage[]} messages
 * @returns {string}
 */
function answerTo(messages) {
  const asked = messages.filter((message) => message.role === vscode.LanguageModelChatMessageRole.User);
  const last = asked.at(-1);
  const text = last === undefined ? '' : textOf(last).trim();
  const short = text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
  const opening = 'Demo answer, not from a real AI.';
  return short === ''
    ? `${opening} The last message had no text.`
    : `${opening} The last message was: “${short}”`;
}

/**
 * The text parts of a message; parts of other kinds are left out.
 * @param {vscode.LanguageModelChatRequestMessage} message
 * @returns {string}
 */
function textOf(message) {
  return message.content
    .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
    .filter((value) => value !== '')
    .join('\n');
}

/**
 * What this model calls a token: up to eight characters, with the white space before them.
 * @param {string} text
 * @returns {string[]} the text in pieces
 */
function tokens(text) {
  return text.match(/\s*\S{1,8}/gu) ?? [];
}

/**
 * The most tokens to answer with. Model options have no fixed names, so the usual ones are looked for.
 * @param {{ readonly [name: string]: unknown } | undefined} options
 * @returns {number}
 */
function tokenLimit(options) {
  const asked = [options?.['maxTokens'], options?.['max_tokens'], options?.['maxOutputTokens']];
  const limits = asked.filter((value) => typeof value === 'number' && value >= 1).map(Number);
  return Math.floor(Math.min(MAX_OUTPUT_TOKENS, ...limits));
}

/**
 * Waits, so that the answer comes in parts as from a real model; a cancelled request ends the wait.
 * @param {number} milliseconds
 * @param {vscode.CancellationToken} token
 * @returns {Promise<void>}
 */
function pause(milliseconds, token) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const listener = token.onCancellationRequested(done);
  });
}

module.exports = { activate };
