/** Calling tools by hand, put together: built when it is first needed, and only once. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { MemoryFiles } from '../documents/lateFiles';
import type { VirtualFiles } from '../documents/virtualFiles';
import { describeError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { ArgumentsEditor } from './argumentsEditor';
import { TaskActions } from './taskActions';
import { ToolFlow } from './toolFlow';
import { RecentTools } from './toolPicker';
import { ToolRunner } from './toolRunner';

export class ToolCalls implements Disposable {
  private readonly store = new DisposableStore();
  private readonly editor: ArgumentsEditor;
  readonly flow: ToolFlow;
  readonly tasks: TaskActions;

  constructor(ui: UiContext, files: VirtualFiles, validator: SchemaValidator) {
    const runner = this.store.add(new ToolRunner(ui, files, validator));
    const recent = this.store.add(new RecentTools(ui.host));
    const onError = (error: unknown): void => void vscode.window.showErrorMessage(describeError(error));
    const flow = new ToolFlow(ui, validator, runner, recent, () => this.editor);
    this.editor = this.store.add(
      new ArgumentsEditor(
        ui.memory,
        validator,
        async (...written) => await flow.runWritten(...written),
        onError,
      ),
    );
    this.flow = flow;
    this.tasks = new TaskActions(ui, runner);
  }

  /** The documents in which arguments are written. */
  get files(): MemoryFiles {
    return this.editor.files;
  }

  dispose(): void {
    this.store.dispose();
  }
}
