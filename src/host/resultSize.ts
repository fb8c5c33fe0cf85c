/** How much a tool's result weighs while it is kept. */

import type { ContentBlock, ResourceContents, Text, ToolCallResult } from '../protocol/content';

/** Characters and bytes of a result that are here; what its client holds does not count. */
export function resultChars({ content, structured, meta }: ToolCallResult): number {
  const beside = (structured ? textChars(structured) : 0) + (meta ? textChars(meta) : 0);
  return content.reduce((sum, block) => sum + blockChars(block) + moreChars(block), beside);
}

function moreChars(block: ContentBlock): number {
  return block.type !== 'unknown' && block.more ? textChars(block.more) : 0;
}

function blockChars(block: ContentBlock): number {
  switch (block.type) {
    case 'text':
      return textChars(block.text);
    case 'image':
    case 'audio':
      return block.data.byteLength;
    case 'resource_link':
      return block.uri.length + block.name.length + (block.description?.length ?? 0);
    case 'resource':
      return bodyChars(block.contents);
    case 'unknown':
      return textChars(block.json);
  }
}

function bodyChars({ body }: ResourceContents): number {
  return body.kind === 'text' ? textChars(body.text) : body.data.byteLength;
}

function textChars(text: Text): number {
  return text.kind === 'inline' ? text.text.length : text.head.length;
}
