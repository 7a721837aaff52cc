// Whether models that are compared write at once or in turn, in the page's own storage. Storage may be refused or hold anything.
import type { CompareWay } from './state/compare.ts'

const name = 'hearth.compareWay'

export function readCompareWay(storage: Pick<Storage, 'getItem'>): CompareWay {
  try {
    return storage.getItem(name) === 'inTurn' ? 'inTurn' : 'atOnce'
  } catch {
    return 'atOnce'
  }
}

export function keepCompareWay(storage: Pick<Storage, 'setItem'>, way: CompareWay): void {
  try {
    storage.setItem(name, way)
  } catch {
    // It is as usual next time.
  }
}
