// The copies that are kept of chats, and taking out of them what a person has removed.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChatCopies } from '../../shared/chats/types.ts'
import type { Call } from '../ipc.ts'

export interface CopiesState {
  /** null: not told yet. */
  readonly facts: ChatCopies | null
  readonly progress: 'none' | 'erasing' | 'erased'
  readonly failure: unknown
}

export interface Copies {
  readonly store: StoreApi<CopiesState>
  read(): Promise<void>
  /** Everything that was removed goes for good; damaged files that were set aside go, too, where that is asked. */
  erase(damaged: boolean): Promise<void>
}

export interface CopiesParts {
  readonly call: Call
  /** Everything given for the disk is there. */
  readonly settled: () => Promise<void>
  /** Nothing can be brought back any more. */
  readonly forgetRemoved: () => void
}

export function createCopies({ call, settled, forgetRemoved }: CopiesParts): Copies {
  const store = createStore<CopiesState>()(() => ({ facts: null, progress: 'none', failure: null }))
  return {
    store,
    async read() {
      try {
        store.setState({ facts: await call('chats.copies', undefined), failure: null })
      } catch (failure) {
        store.setState({ failure })
      }
    },
    async erase(damaged) {
      if (store.getState().progress === 'erasing') return
      store.setState({ progress: 'erasing', failure: null })
      try {
        await settled()
        forgetRemoved()
        store.setState({ facts: await call('chats.erase', { damaged }), progress: 'erased' })
      } catch (failure) {
        store.setState({ progress: 'none', failure })
      }
    },
  }
}
