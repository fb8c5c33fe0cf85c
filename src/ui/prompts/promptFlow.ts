/** *Use Prompt…*: pick one, answer its arguments with completion, read its messages as a document. Nothing is sent to a model. */

import * as vscode from 'vscode';

import type { Disposable } from '../../base/disposable';
import { DocumentKinds } from '../../contributions/ids';
import type { Offered } from '../../host/host';
import { formatTook } from '../../presentation/callLabels';
import { safeBaseName, textName } from '../../presentation/documentNames';
import { promptDocument } from '../../presentation/resultDocument';
import { canonicalJson } from '../../policy/canonicalJson';
import { safeProse, safeText } from '../../policy/safeText';
import { NamedError } from '../registerCommand';
import { withRequestProgress } from '../requestProgress';
import { askPick, type PickItem } from '../calls/steps';
import { findPrompt, readTarget } from '../items/targets';
import { groupByServer } from '../calls/toolPicker';
import { madeOffers, pickTexts, serverName } from '../items/listedRows';
import { offersOrWhyNot } from '../items/offers';
import type { VirtualFiles } from '../documents/virtualFiles';
import { WrittenDocuments } from '../documents/writtenDocuments';
import { askValue } from '../resources/askValue';
import type { UiContext } from '../uiContext';

type OfferedPrompt = Offered<'prompts'>;

/** Owns the documents that it shows. */
export class PromptFlow implements Disposable {
  private readonly documents: WrittenDocuments;

  constructor(
    private readonly ui: UiContext,
    files: VirtualFiles,
  ) {
    this.documents = new WrittenDocuments(ui, files, DocumentKinds.prompt);
  }

  /** Runs the command, from the palette or with a target. @throws FailureError */
  async start(argument: unknown): Promise<void> {
    await start(this.ui, this.documents, argument);
  }

  dispose(): void {
    this.documents.dispose();
  }
}

async function start(ui: UiContext, documents: WrittenDocuments, argument: unknown): Promise<void> {
  const target = readTarget(argument)?.target;
  const wanted = target?.kind === 'prompt' ? findPrompt(ui.host, target) : undefined;
  if (wanted) {
    const given = await askArguments(ui, wanted, false);
    if (typeof given === 'object') await use(ui, documents, wanted, given);
    return;
  }
  for (;;) {
    const picked = await pickPrompt(ui);
    if (!picked) return;
    const given = await askArguments(ui, picked, true);
    if (given === 'back') continue;
    if (given) await use(ui, documents, picked, given);
    return;
  }
}

async function pickPrompt({ host }: UiContext): Promise<OfferedPrompt | undefined> {
  const prompts = await offersOrWhyNot(host, {
    kind: 'prompts',
    make: () => madeOffers(host, 'prompts'),
    none: vscode.l10n.t('No running server offers a prompt.'),
  });
  if (prompts.length === 0) return undefined;
  const items = groupByServer(prompts, promptItem);
  const outcome = await askPick(
    { title: vscode.l10n.t('Use Prompt'), canGoBack: false },
    { placeholder: vscode.l10n.t('Search by name, server or description'), items, ignoreFocusOut: false },
  );
  return outcome.kind === 'value' ? outcome.value : undefined;
}

function promptItem(prompt: OfferedPrompt): PickItem<OfferedPrompt> {
  return { ...pickTexts('prompts', prompt), iconPath: new vscode.ThemeIcon('comment'), value: prompt };
}

/** Asks for all arguments, required ones first. An optional one that is left empty is not sent. */
async function askArguments(
  { host }: UiContext,
  prompt: OfferedPrompt,
  canGoBack: boolean,
): Promise<Record<string, string> | 'back' | undefined> {
  const { server, item } = prompt;
  const questions = [
    ...item.arguments.filter(({ required }) => required),
    ...item.arguments.filter(({ required }) => !required),
  ];
  const typed = new Map<string, string>();
  for (let position = 0; position < questions.length;) {
    const question = questions[position];
    if (!question) break;
    const { name, title, description, required } = question;
    const resolved = Object.fromEntries([...typed].filter(([key, value]) => key !== name && value !== ''));
    const about = description === undefined ? '' : safeProse(description, 160);
    const outcome = await askValue(
      {
        title: `${safeText(item.title ?? item.name, 60)} (${serverName(prompt)}): ${safeText(title ?? name, 60)}`,
        step: position + 1,
        totalSteps: questions.length,
        canGoBack: position > 0 || canGoBack,
      },
      {
        placeholder: required ? about : `${about} ${vscode.l10n.t('(optional)')}`.trim(),
        value: typed.get(name) ?? '',
        allowEmpty: !required,
        complete: async (value, signal) =>
          await host.complete(
            server.id,
            { ref: { kind: 'prompt', name: item.name }, argument: { name, value }, resolved },
            signal,
          ),
      },
    );
    if (outcome.kind === 'value') {
      typed.set(name, outcome.value);
      position += 1;
    } else if (outcome.kind === 'back' && position > 0) position -= 1;
    else return outcome.kind === 'back' ? 'back' : undefined;
  }
  return Object.fromEntries([...typed].filter(([, value]) => value !== ''));
}

async function use(
  { host }: UiContext,
  documents: WrittenDocuments,
  { server, item }: OfferedPrompt,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  const name = server.definition.name;
  const started = new Date();
  const from = performance.now();
  const title = vscode.l10n.t(
    'Getting "{0}" ({1})',
    safeText(item.title ?? item.name, 60),
    safeText(name, 40),
  );
  const result = await withRequestProgress(title, (options) =>
    host.getPrompt(server.id, item.name, given, options),
  ).catch((error: unknown) => {
    const what = vscode.l10n.t(
      '"{0}" ({1}) failed.',
      safeText(item.title ?? item.name, 60),
      safeText(name, 40),
    );
    throw new NamedError(what, error);
  });
  const document = promptDocument(
    {
      server: name,
      name: item.name,
      ...(item.title === undefined ? {} : { title: item.title }),
      when: started.toLocaleString(),
      took: formatTook(performance.now() - from),
      arguments: given,
    },
    result,
  );
  const source = { kind: 'prompt', name: item.name, given: canonicalJson(given) } as const;
  const fileName = textName(`${safeBaseName(item.name, 'prompt')} prompt`, name);
  await documents.show(server.id, fileName, document, { source });
}
