// An app that compares models, each of which writes its own words.
import type { CompareWay } from '../../renderer/state/compare.ts'
import type { Variant } from '../../shared/model.ts'
import { type ChatDeskOptions, chatDesk } from './chatDesk.ts'

const words: Readonly<Record<Variant, readonly string[]>> = {
  base: [' A', ' cat', ' sat.'],
  instruct: [' A', ' dog', ' sat.'],
  chat: [' Hello', ' there.'],
}

export async function compareDesk(way: CompareWay, options: ChatDeskOptions = {}) {
  const parts = await chatDesk({ words: ({ manifest }) => words[manifest.variant], ...options })
  const { compare } = parts.app
  compare.chooseWay(way)
  const columns = () => compare.store.getState().columns
  const kinds = () => columns().map(({ state }) => state.kind)
  const variantsLoaded = () => parts.engine.loads.map(({ manifest }) => manifest.variant)
  return { ...parts, compare, columns, kinds, variantsLoaded }
}
