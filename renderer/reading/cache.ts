// Answers by request, the ones used last: bounded by number and by size, whatever is shown.
import { limits } from './limits.ts'
import type { ParseAnswer, ParseRequest } from './protocol.ts'
import type { TreeNode } from './tree.ts'

export interface AnswerCache {
  get(request: ParseRequest): ParseAnswer | null
  set(request: ParseRequest, answer: ParseAnswer): void
}

export function keyOf(request: ParseRequest): string {
  return request.kind === 'code' ? `code ${request.language} ${request.text}` : `${request.maths} ${request.text}`
}

/** As if each node of a tree were this many characters. */
const nodeCharacters = 40

function sizeOf(request: ParseRequest, answer: ParseAnswer): number {
  const below = (nodes: readonly TreeNode[]): number =>
    nodes.reduce((sum, node) => sum + 1 + (node.type === 'element' ? below(node.children) : 0), 0)
  return request.text.length + (answer.kind === 'tree' ? below(answer.nodes) * nodeCharacters : 0)
}

export function createCache(
  most: { readonly blocks: number; readonly characters: number } = {
    blocks: limits.cachedBlocks,
    characters: limits.cachedCharacters,
  },
): AnswerCache {
  // A Map keeps the order of insertion: the first is the one that was used longest ago.
  const answers = new Map<string, { readonly answer: ParseAnswer; readonly size: number }>()
  let characters = 0

  function drop(key: string): void {
    characters -= answers.get(key)?.size ?? 0
    answers.delete(key)
  }

  return {
    get(request) {
      const key = keyOf(request)
      const kept = answers.get(key)
      if (kept === undefined) return null
      answers.delete(key)
      answers.set(key, kept)
      return kept.answer
    },
    set(request, answer) {
      const key = keyOf(request)
      const size = sizeOf(request, answer)
      drop(key)
      answers.set(key, { answer, size })
      characters += size
      for (const oldest of answers.keys()) {
        if (answers.size <= most.blocks && characters <= most.characters) break
        drop(oldest)
      }
    },
  }
}
