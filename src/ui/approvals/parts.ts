/**
 * What reviewing and answering needs beyond the lists of what waits: each part is loaded when the person first gets to it. An entry may
 * end while a part is loaded; then nothing is shown of it, and the person is told.
 */

import type { WebviewPanel } from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { ConsentEntry } from '../../host/consentQueue';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { VirtualFiles } from '../documents/virtualFiles';
import { LatePart, loadPart } from '../lateParts';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import type { ElicitationFlow } from './elicitationFlow';
import type { LaunchPanel } from './launchPanel';
import type { Reviews } from './reviews';
import type { SamplingPanel } from './samplingPanel';

/** Every method may throw a PartMissingError. */
export class ApprovalParts implements Disposable {
  private readonly store = new DisposableStore();
  private readonly reviews: LatePart<Reviews>;
  private readonly input: LatePart<ElicitationFlow>;
  private readonly panel: LatePart<LaunchPanel>;
  private readonly sampling: LatePart<SamplingPanel>;

  constructor(
    private readonly ui: UiContext,
    private readonly decisions: Decisions,
    files: VirtualFiles,
    validator: SchemaValidator,
  ) {
    const review = async (entry: ConsentEntry): Promise<void> => await this.review(entry);
    this.reviews = this.store.add(
      LatePart.of(
        async () => (await import('./reviews')).Reviews,
        (Code) => new Code(ui, files),
      ),
    );
    this.input = this.store.add(
      LatePart.of(
        async () => (await import('./elicitationFlow')).ElicitationFlow,
        (Code) => new Code({ ui, decisions, validator }),
      ),
    );
    this.panel = this.store.add(
      LatePart.of(
        async () => (await import('./launchPanel')).LaunchPanel,
        (Code) => new Code(ui, decisions),
      ),
    );
    const allowFor = async (entry: ConsentEntry): Promise<void> => await this.allowFor(entry);
    this.sampling = this.store.add(
      LatePart.of(
        async () => (await import('./samplingPanel')).SamplingPanel,
        (Code) => new Code(ui, decisions, { openDocument: review, allowFor }),
      ),
    );
  }

  /** Shows a request for a model answer, or what a model answered, in their panel. */
  async reviewSampling(entry: ConsentEntry): Promise<void> {
    const panel = await this.sampling.get();
    if (this.isWaiting(entry)) panel.show(entry);
  }

  /** True while the person has this in the panel before them. */
  isShowing(entry: ConsentEntry): boolean {
    return this.sampling.ifMade?.isShowing(entry) === true;
  }

  /** Shows a request as a document. */
  async review(entry: ConsentEntry): Promise<void> {
    const reviews = await this.reviews.get();
    if (this.isWaiting(entry)) await reviews.show(entry);
  }

  /** Takes over a panel that the editor brings back after a reload, for what was typed in it. */
  async restorePanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const show = await loadPart(async () => (await import('./lostDrafts')).showLost);
    show(panel, state, this.ui.extensionUri);
  }

  /** Lets the person allow a request, and those like it. */
  async allowFor(entry: ConsentEntry): Promise<void> {
    const run = await loadPart(async () => (await import('./allowFor')).allowFor);
    if (this.isWaiting(entry)) await run(entry, this.ui, this.decisions);
  }

  /** Asks the person for the input that a server wants. */
  async askForInput(entry: ConsentEntry): Promise<void> {
    const input = await this.input.get();
    if (this.isWaiting(entry)) await input.open(entry);
  }

  /** The request for input that the person looks at, if they look at one. */
  lookedAtInput(): number | undefined {
    return this.input.ifMade?.lookedAt;
  }

  /** Asks whether a browser may open to sign in. */
  async askToSignIn(entry: ConsentEntry): Promise<void> {
    const ask = await loadPart(async () => (await import('./signInDialog')).askToSignIn);
    if (this.isWaiting(entry)) await ask(entry, this.decisions, this.ui.host.consent);
  }

  /** Asks which workspace folders a server may know. */
  async askForFolders(entry: ConsentEntry): Promise<void> {
    const ask = await loadPart(async () => (await import('./folderQuestion')).askForFolders);
    if (this.isWaiting(entry)) await ask(entry, this.decisions, this.ui.host.consent);
  }

  /** Asks whether a tool is run. */
  async askToRun(entry: ConsentEntry): Promise<void> {
    const ask = await loadPart(async () => (await import('./toolQuestion')).askToRun);
    if (this.isWaiting(entry)) await ask(entry, this.decisions, this.ui.host.consent);
  }

  /** Opens the panel of the servers that wait to start. @returns false when none does */
  async reviewLaunches(preserveFocus: boolean): Promise<boolean> {
    return (await this.panel.get()).show(preserveFocus);
  }

  /** Lets the person choose a model. @param argument a row of the Servers view, or undefined */
  async selectModel(argument: unknown): Promise<void> {
    const select = await loadPart(async () => (await import('./selectModel')).selectSamplingModel);
    await select(this.ui, argument);
  }

  dispose(): void {
    this.store.dispose();
  }

  private isWaiting({ id }: ConsentEntry): boolean {
    if (this.ui.host.consent.get(id)) return true;
    this.decisions.tellGone();
    return false;
  }
}
