// Turns of a conversation with an instruct or chat model, as data.
import type { Turn } from '../../shared/prompts/renderTurns.ts'

export interface Conversation {
  /** What the person is typing. */
  readonly draft: string
  readonly turns: readonly Turn[]
}

export const emptyConversation: Conversation = { draft: '', turns: [] }

/** The draft becomes a user turn with an empty reply behind it. A single exchange replaces what was there. */
export function asked({ draft, turns }: Conversation, singleTurn: boolean): Conversation {
  const earlier = singleTurn ? [] : turns
  return {
    draft: singleTurn ? draft : '',
    turns: [...earlier, { role: 'user', text: draft.trim() }, { role: 'assistant', text: '' }],
  }
}

/** Text of the model at the end of the reply that is being written. */
export function replied(conversation: Conversation, addition: string): Conversation {
  const last = conversation.turns.at(-1)
  if (last?.role !== 'assistant') return conversation
  return { ...conversation, turns: [...conversation.turns.slice(0, -1), { ...last, text: last.text + addition }] }
}

/** Without the newest exchange, whose question returns to the draft. */
export function withdrawn(conversation: Conversation): Conversation {
  const question = conversation.turns.findLastIndex((turn) => turn.role === 'user')
  if (question < 0) return conversation
  return { draft: conversation.turns[question]?.text ?? '', turns: conversation.turns.slice(0, question) }
}

/** What is sent: every turn up to the question, without the empty reply, and without exchanges that got no reply. */
export function sentTurnsOf({ turns }: Conversation): readonly Turn[] {
  const upToQuestion = turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns
  return upToQuestion.filter(
    (turn, index) =>
      (turn.role === 'assistant' && turn.text !== '') ||
      (turn.role === 'user' && (index === upToQuestion.length - 1 || upToQuestion[index + 1]?.text !== '')),
  )
}
