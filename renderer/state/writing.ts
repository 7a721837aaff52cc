// What is written: the document of the base model, the instruction and the chat, the run in progress and the figures of the last one.
import { createStore } from 'zustand/vanilla'
import type { GenerationStats } from '../../shared/ipc.ts'
import type { Finish, Omitted, Problem } from '../inference/protocol.ts'
import { type Conversation, emptyConversation } from './conversation.ts'
import { documentOf, type TextDocument } from './document.ts'

export type RunState =
  | { readonly kind: 'idle' }
  /** The model reads the prompt; nothing is written yet. */
  | { readonly kind: 'reading' }
  | { readonly kind: 'writing' }
  | { readonly kind: 'stopping' }

export interface LastRun {
  readonly stats: GenerationStats
  readonly finish: Finish
  readonly seed: number
}

export interface WritingState {
  readonly document: TextDocument
  readonly instruct: Conversation
  readonly chat: Conversation
  readonly run: RunState
  readonly last: LastRun | null
  /** What the newest prompt left out. */
  readonly omitted: Omitted
  readonly problem: Problem | null
  /** What `clear` took away, until something new is written: undo brings it back. */
  readonly cleared: Pick<WritingState, 'document'> | Pick<WritingState, 'instruct'> | Pick<WritingState, 'chat'> | null
}

export const openingText = 'Once upon a time'

export function createWriting() {
  return createStore<WritingState>()(() => ({
    document: documentOf(openingText),
    instruct: { ...emptyConversation, draft: 'Tell a story about a cat named Lily.' },
    chat: { ...emptyConversation, draft: 'Hello! Can you tell me a story about a little dog?' },
    run: { kind: 'idle' },
    last: null,
    omitted: nothingOmitted,
    problem: null,
    cleared: null,
  }))
}

export const nothingOmitted: Omitted = { characters: 0, turns: 0 }
