/** Requests of servers as documents, with what can be done about them: built when the first one is shown, and only once. */

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { ConsentEntry } from '../../host/consentQueue';
import type { VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';
import { ReviewDocuments } from './reviewDocuments';
import { ReviewLenses } from './reviewLenses';

export class Reviews implements Disposable {
  private readonly store = new DisposableStore();
  private readonly documents: ReviewDocuments;

  constructor(ui: UiContext, files: VirtualFiles) {
    this.documents = this.store.add(new ReviewDocuments(ui, files));
    this.store.add(new ReviewLenses(ui, this.documents));
  }

  /** Shows the document of an entry that waits. */
  async show(entry: ConsentEntry): Promise<void> {
    await this.documents.show(entry);
  }

  dispose(): void {
    this.store.dispose();
  }
}
