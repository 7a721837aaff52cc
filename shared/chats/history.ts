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
 * Answers without words are left out, with the question that got none; the last question stays. Neighbours of one role become one turn.
 * How an instruction and its input join is the template's.
 */
export function turnsOf(path: readonly Message[], template: PromptTemplate): readonly SourcedTurn[] {
  const start = path.findLastIndex(({ role }) => role === 'document')
  const counted = path.slice(Math.max(0, start))
  const turns = counted.flatMap((message, index): readonly SourcedTurn[] => {
    if (message.role === 'document') return documentTurns(message)
    const text = message.role === 'user' ? withInput(template, message.text.trim(), message.input.trim()) : message.text
    const next = counted[index + 1]
    const isUnanswered = message.role === 'user' && next?.role === 'assistant' && next.text === ''
    const isLast = message.role === 'user' && index === counted.length - 1
    return (text === '' && !isLast) || isUnanswered ? [] : [{ role: message.role, text, messageIds: [message.id] }]
  })
  return merged(turns)
}

function documentTurns({ id, text, scaffold }: Message): readonly SourcedTurn[] {
  const turns: readonly Turn[] =
    scaffold === 'dialogue' ? parseDialogue(text) : [{ role: 'user', text: text.trim() } as const]
  return turns.filter((turn) => turn.text !== '').map((turn) => ({ ...turn, messageIds: [id] }))
}

function merged(turns: readonly SourcedTurn[]): readonly SourcedTurn[] {
  const done: SourcedTurn[] = []
  for (const turn of turns) {
    const last = done.at(-1)
    if (last?.role !== turn.role) done.push(turn)
    else
      done[done.length - 1] = {
        role: turn.role,
        text: `${last.text}\n\n${turn.text}`,
        messageIds: [...last.messageIds, ...turn.messageIds],
      }
  }
  return done
}
