/** *Call Tool…* from the choice of a tool to its result. Owns the drafts: what a person began to fill in and did not send. */

import * as vscode from 'vscode';

import type { JsonObject } from '../../base/json';
import type { Offered } from '../../host/host';
import { planTool, skeletonOf, type ArgumentPlan } from '../../presentation/argumentPlan';
import { errorSentence, readArguments } from '../../presentation/argumentValue';
import { safeText } from '../../policy/safeText';
import type { ToolDefinition } from '../../protocol/model';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { findTool, readTarget, type ToolTarget } from '../items/targets';
import type { UiContext } from '../uiContext';
import type { ArgumentsEditor } from './argumentsEditor';
import { ArgumentWizard } from './argumentWizard';
import { mayRun } from './runConsent';
import { askStart, askToSendAnyway, type Start } from './startMenu';
import { askInput, askPick } from './steps';
import { madeOffers, serverName } from '../items/listedRows';
import { offersOrWhyNot } from '../items/offers';
import { toolItems, type RecentTools } from './toolPicker';
import type { ReadyCall, ToolRunner } from './toolRunner';

/** Longer arguments are edited in an editor. */
const MAX_LINE_JSON = 200;

/** The tool that is being called. */
interface Subject {
  readonly tool: ToolTarget;
  readonly serverName: string;
  readonly definition: ToolDefinition;
  readonly plan: ArgumentPlan;
  /** Safe. */
  readonly title: string;
  readonly canGoBack: boolean;
}

/** How the questions went on. */
type Given = { readonly kind: 'run'; readonly arguments: JsonObject } | { readonly kind: 'back' | 'done' };

export class ToolFlow {
  private readonly drafts = new Map<string, JsonObject>();

  constructor(
    private readonly ui: UiContext,
    private readonly validator: SchemaValidator,
    private readonly runner: ToolRunner,
    private readonly recent: RecentTools,
    private readonly editor: () => ArgumentsEditor,
  ) {}

  /** Runs the command, from the palette or with a target. @throws FailureError */
  async start(argument: unknown): Promise<void> {
    const read = readTarget(argument);
    const wanted = read?.target.kind === 'tool' ? findTool(this.ui.host, read.target) : undefined;
    if (wanted) {
      // A target that none of our views made says what, but the person has not said yes yet.
      await this.callOne(wanted, false, read?.isOwn !== true);
      return;
    }
    for (;;) {
      const offered = await this.pick();
      if (!offered || (await this.callOne(offered, true, false)) === 'done') return;
    }
  }

  /**
   * Checks and sends arguments that were written as JSON.
   * @param definition the tool as the person was shown it when they began
   * @throws FailureError
   */
  async runWritten(tool: ToolTarget, definition: ToolDefinition, given: JsonObject): Promise<void> {
    const offered = findTool(this.ui.host, tool);
    if (!offered) {
      void vscode.window.showErrorMessage(
        vscode.l10n.t('The tool "{0}" is not offered any more.', safeText(tool.name, 80)),
      );
      return;
    }
    await this.checkAndSend(subjectOf(offered, definition, false), given);
  }

  private async pick(): Promise<Offered<'tools'> | undefined> {
    const { host } = this.ui;
    const tools = await offersOrWhyNot(host, {
      kind: 'tools',
      make: () => madeOffers(host, 'tools'),
      none: vscode.l10n.t('No running server offers a tool.'),
    });
    if (tools.length === 0) return undefined;
    const items = toolItems(tools, this.recent);
    const outcome = await askPick(
      { title: vscode.l10n.t('Call Tool'), canGoBack: false },
      { placeholder: vscode.l10n.t('Search by name, server or description'), items, ignoreFocusOut: false },
    );
    return outcome.kind === 'value' ? outcome.value : undefined;
  }

  /** @returns `back` when the person wants another tool. */
  private async callOne(
    offered: Offered<'tools'>,
    canGoBack: boolean,
    confirm: boolean,
  ): Promise<'back' | 'done'> {
    const definition = await this.ui.host.describeTool(offered.server.id, offered.item.name);
    const subject = subjectOf(offered, definition, canGoBack);
    let start = await this.chooseStart(subject, confirm);
    for (;;) {
      if (start === 'back') return 'back';
      if (!start) return 'done';
      const given: Given =
        start.kind === 'run' ? { kind: 'run', arguments: start.given } : await this.ask(subject, start);
      if (given.kind !== 'run') {
        if (given.kind === 'back' && this.hasStartMenu(subject)) {
          start = await this.chooseStart(subject, confirm);
          continue;
        }
        return given.kind;
      }
      if ((await this.checkAndSend(subject, given.arguments)) !== 'edit') return 'done';
      start = { kind: subject.plan.kind === 'json' ? 'json' : 'overview', given: given.arguments };
    }
  }

  private hasStartMenu({ tool, plan }: Subject): boolean {
    return (
      (plan.kind === 'json' || plan.fields.length > 0) &&
      (this.drafts.has(keyOf(tool)) ||
        this.ui.host.recentArguments.get(tool.serverId, tool.name) !== undefined)
    );
  }

  /** Where to begin: with what was sent or begun before, when the person wants that, or with nothing. */
  private async chooseStart(subject: Subject, confirm: boolean): Promise<Start | 'back' | undefined> {
    const { tool, plan, canGoBack, title } = subject;
    if (plan.kind === 'fields' && plan.fields.length === 0)
      return !confirm || (await mayRun(this.ui, tool, subject.serverName, subject.definition))
        ? { kind: 'run', given: {} }
        : undefined;
    const edit = plan.kind === 'json' ? 'json' : 'overview';
    const fresh: Start =
      plan.kind === 'json' ? { kind: 'json', given: skeletonOf(plan) } : { kind: 'form', given: {} };
    if (!this.hasStartMenu(subject)) return fresh;
    const draft = this.drafts.get(keyOf(tool));
    const last = this.ui.host.recentArguments.get(tool.serverId, tool.name);
    return await askStart({ title, canGoBack }, { draft, last, edit, fresh });
  }

  private async ask(subject: Subject, start: Start): Promise<Given> {
    const { plan, definition, title } = subject;
    let { kind, given } = start;
    for (;;) {
      if (kind === 'json' || plan.kind === 'json') {
        const outcome = await this.askJson(subject, given);
        if (outcome.kind !== 'back' || plan.kind === 'json')
          return outcome.kind === 'back' ? { kind: 'back' } : outcome;
        given = this.drafts.get(keyOf(subject.tool)) ?? given;
        kind = 'overview';
        continue;
      }
      const canGoBack = subject.canGoBack || this.hasStartMenu(subject);
      const wizard = new ArgumentWizard(
        { title, schema: definition.inputSchema, fields: plan.fields, canGoBack },
        this.validator,
        given,
      );
      const outcome = await wizard.run(kind === 'form' ? 'first' : 'overview');
      given = outcome.given;
      this.keepDraft(subject, given);
      if (outcome.kind === 'run') return { kind: 'run', arguments: given };
      if (outcome.kind !== 'json') return { kind: outcome.kind === 'back' ? 'back' : 'done' };
      kind = 'json';
    }
  }

  /** On one line while it is short, in an editor otherwise. */
  private async askJson(subject: Subject, given: JsonObject): Promise<Given> {
    const { tool, definition, plan, title } = subject;
    const filled = { ...skeletonOf(plan), ...given };
    const text = JSON.stringify(filled);
    const openEditor = async (value: JsonObject): Promise<Given> => {
      await this.editor().open(tool, subject.serverName, definition, value);
      return { kind: 'done' };
    };
    if (text.length > MAX_LINE_JSON) return await openEditor(filled);
    const reason = plan.kind === 'json' ? `${safeText(plan.reason, 120)} ` : '';
    const outcome = await askInput<JsonObject>(
      {
        title,
        canGoBack: plan.kind === 'fields' || subject.canGoBack,
        buttons: [{ id: 'editor', icon: 'go-to-file', tooltip: vscode.l10n.t('Edit in an Editor') }],
      },
      {
        prompt: reason + vscode.l10n.t('The arguments as one JSON object.'),
        value: text,
        read: readArguments,
        check: async (value) => {
          const outcome = await this.validator.validate(definition.inputSchema, value);
          const [first] = outcome.kind === 'invalid' ? outcome.errors : [];
          return first && errorSentence(first);
        },
      },
    );
    if (outcome.kind === 'value') return { kind: 'run', arguments: outcome.value };
    const typed = readArguments(outcome.typed ?? '');
    if (typed.ok) this.keepDraft(subject, typed.value);
    if (outcome.kind === 'button') return await openEditor(typed.ok ? typed.value : filled);
    return { kind: outcome.kind === 'back' ? 'back' : 'done' };
  }

  private keepDraft({ tool }: Subject, given: JsonObject): void {
    if (Object.keys(given).length > 0) this.drafts.set(keyOf(tool), given);
  }

  /** @returns `edit` when the person wants to change the arguments. */
  private async checkAndSend(subject: Subject, given: JsonObject): Promise<'edit' | 'done'> {
    const { tool, definition, title } = subject;
    const checked = await this.validator.validate(definition.inputSchema, given);
    const notes: string[] = [];
    if (definition.withheld?.includes('inputSchema'))
      notes.push(vscode.l10n.t('The arguments were not checked: the input schema is too large.'));
    if (checked.kind === 'unchecked')
      notes.push(vscode.l10n.t('The arguments were not checked: {0}.', safeText(checked.reason, 200)));
    if (checked.kind === 'invalid') {
      this.keepDraft(subject, given);
      if (!(await askToSendAnyway(title, checked.errors))) return 'edit';
      notes.push(vscode.l10n.t('The arguments do not match the input schema and were sent anyway.'));
    }
    const call: ReadyCall = { tool, serverName: subject.serverName, definition, arguments: given, notes };
    if (!(await this.runner.isUnchanged(call))) {
      this.keepDraft(subject, given);
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          '{0} has changed in the meantime, so it was not called. Call it again to see what it takes now.',
          title,
        ),
      );
      return 'done';
    }
    this.drafts.delete(keyOf(tool));
    const after = await this.runner.run(call);
    if (after === 'again') return await this.checkAndSend(subject, given);
    return after === 'edit' ? 'edit' : 'done';
  }
}

function subjectOf(
  { server, item }: Offered<'tools'>,
  definition: ToolDefinition,
  canGoBack: boolean,
): Subject {
  return {
    tool: { kind: 'tool', serverId: server.id, name: item.name },
    serverName: server.definition.name,
    definition,
    plan: planTool(definition),
    title: `${safeText(definition.title ?? item.name, 60)} (${serverName({ server })})`,
    canGoBack,
  };
}

function keyOf({ serverId, name }: ToolTarget): string {
  return JSON.stringify([serverId, name]);
}
