// The turns that a branch is for a model that takes turns. Each says which messages it came from, so that what the model leaves out can be shown.
import type { PromptTemplate } from '../model.ts'
import type { Turn } from '../prompts/renderTurns.ts'
import { withInput } from '../prompts/withInput.ts'
import { parseDialogue } from './scaffold.ts'
import type { Message } from './types.ts'

export interface SourcedTurn extends Turn {
  readonly messageIds: readonly string[]
}

/**
 * Of a branch with a document only that and what follows counts: a dialogue is parsed back into turns, a plain text stands before the next user's text.
 * Answers without words are left out, with the question that got none; the last question stays. Neighbours of one role stay apart, so that each can be
 * forgotten alone (prompts/joinTurns.ts). How an instruction and its input join is the template's.
 */
export function turnsOf(path: readonly Message[], template: PromptTemplate): readonly SourcedTurn[] {
  const start = path.findLastIndex(({ role }) => role === 'document')
  const counted = path.slice(Math.max(0, start))
  return counted.flatMap((message, index): readonly SourcedTurn[] => {
    if (message.role === 'document') return documentTurns(message)
    const text = message.role === 'user' ? withInput(template, message.text.trim(), message.input.trim()) : message.text
    const next = counted[index + 1]
    const isUnanswered = message.role === 'user' && next?.role === 'assistant' && next.text === ''
    const isLast = message.role === 'user' && index === counted.length - 1
    return (text === '' && !isLast) || isUnanswered ? [] : [{ role: message.role, text, messageIds: [message.id] }]
  })
}

function documentTurns({ id, text, scaffold }: Message): readonly SourcedTurn[] {
  const turns: readonly Turn[] =
    scaffold === 'dialogue' ? parseDialogue(text) : [{ role: 'user', text: text.trim(), mayBeCut: true }]
  return turns.filter((turn) => turn.text !== '').map((turn) => ({ ...turn, messageIds: [id] }))
}
