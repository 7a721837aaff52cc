// Where each token stands: the numbers its rotation turns by, and how far it sees.
import type { PrefixSpec } from '../../shared/compiler/architectures/spec.ts'

export interface Place {
  readonly position: number
  /** By plane of the rotation. */
  readonly numbers: readonly [first: number, second: number]
  /** It sees positions below this, as far as a window allows. */
  readonly end: number
}

/** Gives the places of tokens fed behind those already fed. */
export function createPlaces(prefix: PrefixSpec | undefined): (ids: readonly number[]) => readonly Place[] {
  const fed: number[] = []
  return (ids) => {
    const first = fed.length
    fed.push(...ids)
    return ids.map((_, index) => {
      const position = first + index
      if (prefix === undefined) return { position, numbers: [position, 0], end: position + 1 }
      const start = fed.includes(prefix.startTokenId) ? fed.indexOf(prefix.startTokenId) : fed.length
      if (position < start) return { position, numbers: [position, 0], end: start }
      return { position, numbers: [maskIn(fed.slice(0, start), prefix), position - start + 1], end: position + 1 }
    })
  }
}

function maskIn(before: readonly number[], { maskTokenIds }: PrefixSpec): number {
  const mask = maskTokenIds.find((id) => before.includes(id))
  return mask === undefined ? Math.max(0, before.length - 1) : before.indexOf(mask)
}
