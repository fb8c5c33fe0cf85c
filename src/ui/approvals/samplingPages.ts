/**
 * What the page that reviews sampling was told, and when: only what it has shown for a moment can be decided (T005). A page is made a little
 * at a time, because its texts may be megabytes of what takes long to be made visible, and of one request they are told once.
 */

import { nextTurn, SLICE_MS } from '../../base/nextTurn';
import { SETTLE_MS } from '../../presentation/launchReviewPage';
import { withoutDrawn } from '../../presentation/samplingDrawn';
import type { SamplingPage, SamplingPanelMessage } from '../../presentation/samplingPageMessages';
import { conversationOf, type SamplingStage } from '../../presentation/samplingStage';
import { VisibleTexts } from '../../presentation/visibleText';

/** Messages take a moment themselves, so the panel is a little less strict than the page. */
const TOLERANCE_MS = 50;

/** What a page is made of, and where it goes. */
interface Parts {
  /** What there is to show now. */
  readonly stage: () => SamplingStage | undefined;
  readonly make: (stage: SamplingStage, texts: VisibleTexts) => SamplingPage;
  /** Another model that the person chose for what is shown is another thing to decide about. */
  readonly model: (stage: SamplingStage) => string | undefined;
  readonly post: (message: SamplingPanelMessage) => void;
  readonly onError: (error: unknown) => void;
}

interface Told {
  readonly drawn: string;
  readonly model: string | undefined;
  readonly isWhole: boolean;
  /** When it was told of that first. */
  readonly since: number;
}

export class SamplingPages {
  /** What was made of the texts of a request serves until another one is shown. */
  private made: { readonly conversation: number; readonly texts: VisibleTexts } | undefined;
  private told: Told | undefined;
  private isWanted = false;
  private isMaking = false;

  constructor(private readonly parts: Parts) {}

  /** A page runs, and was told something. */
  get isRunning(): boolean {
    return this.told !== undefined;
  }

  /** It has shown what can be decided now for a moment. */
  get isSettled(): boolean {
    const { told } = this;
    return told !== undefined && performance.now() - told.since >= SETTLE_MS - TOLERANCE_MS;
  }

  /** It has shown all of it (T135). */
  get isWhole(): boolean {
    return this.told?.isWhole === true;
  }

  /** Shows what there is: at once, unless making it takes longer than a turn may. */
  show(): void {
    this.isWanted = true;
    if (!this.isMaking) this.makeAll().catch(this.parts.onError);
  }

  /** The page has ended, as one does that is hidden; another one knows nothing. */
  end(): void {
    this.told = undefined;
  }

  /** Nothing is shown any more. */
  forget(): void {
    this.end();
    this.made = undefined;
    this.isWanted = false;
  }

  private async makeAll(): Promise<void> {
    this.isMaking = true;
    try {
      while (this.isWanted) if (!this.makeSome()) await nextTurn();
    } finally {
      this.isMaking = false;
    }
  }

  /** @returns false when there is more to make before it can be shown */
  private makeSome(): boolean {
    const stage = this.parts.stage();
    if (!stage) this.isWanted = false;
    else {
      const texts = this.textsOf(conversationOf(stage)).begin(SLICE_MS);
      const page = this.parts.make(stage, texts);
      if (texts.isBehind) return false;
      this.isWanted = false;
      this.tell(page, this.parts.model(stage));
    }
    return true;
  }

  private tell(page: SamplingPage, model: string | undefined): void {
    const { told } = this;
    const { stage, drawn } = page;
    const isDrawn = told?.drawn === drawn;
    const isSame = isDrawn && told.model === model;
    this.told = {
      drawn,
      model,
      isWhole: !('whyNot' in stage),
      since: isSame ? told.since : performance.now(),
    };
    this.parts.post({ type: 'show', page: isDrawn ? withoutDrawn(page) : page, isDrawn });
  }

  private textsOf(conversation: number): VisibleTexts {
    if (this.made?.conversation !== conversation)
      this.made = { conversation, texts: new VisibleTexts(() => performance.now()) };
    return this.made.texts;
  }
}
