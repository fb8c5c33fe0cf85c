/** What of the page that reviews sampling is drawn once, because it never changes: the texts and pictures of a stage, which may be megabytes. */

import type { PageStage, SamplingPage } from './samplingPageMessages';

/** The stage of a request, which has one content only. */
export function keyOf(stage: PageStage): string {
  return 'id' in stage ? `${stage.kind}/${stage.id}` : `${stage.kind}/${stage.conversation}`;
}

/** The same, and how much of it is drawn: more of the same is drawn anew. */
export function drawnOf(stage: PageStage): string {
  return 'hasMore' in stage ? `${keyOf(stage)}/${String(stage.hasMore)}` : keyOf(stage);
}

/** The page for a page that has drawn all of it. */
export function withoutDrawn({ stage, ...page }: SamplingPage): SamplingPage {
  switch (stage.kind) {
    case 'asked':
      return { ...page, stage: { ...stage, blocks: [] } };
    case 'working':
      return { ...page, stage: { ...stage, request: [] } };
    case 'answered':
      return { ...page, stage: { ...stage, parts: [], request: [] } };
    case 'over':
      return { ...page, stage };
  }
}
