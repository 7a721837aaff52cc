// The exact pieces web-llm feeds to the tokenizer for a conversation, each encoded on its own. Used to count tokens before a request, to send it, and to
// show the prompt as the model reads it.
import type { PromptTemplate } from '../model.ts'
import { turnPieces } from './convTemplate.ts'

export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

type Turns = Extract<PromptTemplate, { kind: 'turns' }>
type Dialogue = NonNullable<Turns['dialogue']>

/**
 * Every turn in the template, with the reply opened behind the last one. BOS is not part of it: it is sent as a token id. `systemText` replaces the
 * text the model was tuned with; a template without a place for it leaves it out.
 */
export function renderTurns(prompt: PromptTemplate, turns: readonly Turn[], systemText?: string): readonly string[] {
  if (prompt.kind === 'turns' && prompt.dialogue !== undefined)
    return renderDialogue(prompt, prompt.dialogue, turns, systemText)
  const pieces = turnPieces(prompt)
  return [
    ...turns.map(({ role, text }) =>
      role === 'user'
        ? pieces.userRole + pieces.contentGap + text + pieces.userEnd
        : pieces.assistantRole + pieces.contentGap + text + pieces.assistantEnd,
    ),
    pieces.assistantRole + pieces.replyGap,
  ]
}

function renderDialogue(
  prompt: Turns,
  dialogue: Dialogue,
  turns: readonly Turn[],
  systemText?: string,
): readonly string[] {
  const { system, firstRound } = dialogue
  const given = systemText ?? system?.text ?? ''
  let round = firstRound ?? 0
  return turns.map(({ role, text }, index) => {
    const content = dialogue.squeezeBlankLines ? squeezed(text) : text
    if (role === 'assistant') return dialogue.replyGap + content
    const counted = (prefix: string) => (firstRound === null ? prefix : prefix.split('{round}').join(String(round)))
    const start =
      index > 0
        ? prompt.assistantSuffix + counted(prompt.userPrefix)
        : system === null || given === ''
          ? counted(dialogue.firstUserPrefix)
          : system.before + given + counted(system.after)
    round += 1
    const end = index === turns.length - 1 ? dialogue.replyStart : ''
    return start + content + prompt.userSuffix + prompt.assistantPrefix + end
  })
}

function squeezed(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\n\n', '\n')
}

/**
 * The turns a model is sent: of a single-turn model the last user turn only; otherwise all, without leading assistant turns (web-llm wants the user
 * first and last).
 */
export function sentTurns(prompt: PromptTemplate, turns: readonly Turn[]): readonly Turn[] {
  if (prompt.kind === 'turns' && prompt.singleTurn) return turns.slice(-1)
  const firstUser = turns.findIndex((turn) => turn.role === 'user')
  return firstUser < 0 ? [] : turns.slice(firstUser)
}

/** The messages for web-llm under `loadedConvTemplate`: of a dialogue the rendered pieces, else the bare texts, which web-llm wraps. */
export function messagesFor(prompt: PromptTemplate, turns: readonly Turn[]): readonly Turn[] {
  if (prompt.kind !== 'turns' || prompt.dialogue === undefined) return turns
  const pieces = renderTurns(prompt, turns)
  return turns.map(({ role, text }, index) => ({ role, text: pieces[index] ?? text }))
}
