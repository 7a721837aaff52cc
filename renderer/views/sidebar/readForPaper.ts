// The texts of a chat, parsed whole for the printer: paper waits for nothing and hides nothing.

import type { Message } from '../../../shared/chats/types.ts'
import { portionOf } from '../../reading/portion.ts'
import type { Reader } from '../../reading/reader.ts'
import type { TreeNode } from '../../reading/tree.ts'

export type PaperBlock =
  | { readonly kind: 'tree'; readonly nodes: readonly TreeNode[] }
  | { readonly kind: 'code' | 'plain'; readonly text: string }

/** An answer as blocks of Markdown; what a person wrote, and a base model's text, as they stand. */
export async function readForPaper(
  message: Message,
  reader: Reader,
  signal: AbortSignal,
): Promise<readonly PaperBlock[]> {
  if (message.role !== 'assistant') return [{ kind: 'plain', text: message.text }]
  const reading = { owner: {}, isPassing: false }
  const blocks: PaperBlock[] = []
  for (const { block, source } of portionOf(message.text, 1, true).blocks) {
    if (block.kind === 'code') blocks.push({ kind: 'code', text: block.code })
    else {
      const answer = await reader.read({ kind: 'markdown', text: source.trimEnd(), maths: 'page' }, reading, signal)
      blocks.push(answer.kind === 'tree' ? answer : { kind: 'plain', text: source })
    }
  }
  return blocks
}
