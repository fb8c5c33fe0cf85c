/** What of the page that reviews sampling is drawn once, because it never changes: the texts and pictures of a stage, which may be megabytes. */

import type { PageStage, SamplingPage } from './samplingPageMessages';

/** What a stage is called, and what of it is drawn. */
export function namesOf(stage: PageStage): Pick<SamplingPage, 'key' | 'drawn'> {
  const key = 'id' in stage ? `${stage.kind}/${stage.id}` : `${stage.kind}/${stage.conversation}`;
  return { key, drawn: 'hasMore' in stage ? `${key}/${String(stage.hasMore)}` : key };
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
