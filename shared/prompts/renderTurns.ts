// The exact pieces web-llm feeds to the tokenizer for a conversation, each encoded on its own. Used to count tokens before a request, to send it, and to
// show the prompt as the model reads it.
import type { PromptTemplate } from '../model.ts'
import { type TurnPieces, turnPieces } from './convTemplate.ts'
import { lastTurn } from './joinTurns.ts'

export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly text: string
  /** Its beginning may be left out before anything that comes after it: a document, of which the newest part says most. */
  readonly mayBeCut?: true
}

/** What surrounds the turns. */
export interface Around {
  /** In place of the text the model was tuned with; a template without a place for it leaves it out. */
  readonly systemText?: string | undefined
  /** The beginning of the reply. */
  readonly replySoFar?: string | undefined
}

export interface RenderedTurns {
  /** As they are tokenized, each alone. The last one is the assistant's where it holds the beginning of the reply, else the user's. */
  readonly pieces: readonly Turn[]
  /** Where the first piece begins with the system text: that text with what surrounds it. */
  readonly systemLead: string
  /** Pieces at the end that hold the last turn and the opened reply. */
  readonly lastPieces: number
}

type Turns = Extract<PromptTemplate, { kind: 'turns' }>
type Dialogue = NonNullable<Turns['dialogue']>

/** Every turn in the template, with the reply opened behind the last one. BOS is not part of it: it is sent as a token id. */
export function renderTurns(prompt: PromptTemplate, turns: readonly Turn[], systemText?: string): readonly string[] {
  return renderPieces(prompt, turns, { systemText }).pieces.map(({ text }) => text)
}

/** The pieces as `renderTurns` gives them, with what inspecting and recording have to know of them. */
export function renderPieces(prompt: PromptTemplate, turns: readonly Turn[], around: Around = {}): RenderedTurns {
  if (prompt.kind === 'turns' && prompt.dialogue !== undefined)
    return renderDialogue(prompt, prompt.dialogue, turns, around)
  const { replySoFar = '' } = around
  const pieces = turnPieces(prompt)
  const opened = openedReply(pieces, replySoFar)
  return {
    pieces: [
      ...turns.map(({ role, text }): Turn => {
        if (role === 'assistant')
          return { role, text: pieces.assistantRole + pieces.contentGap + text + pieces.assistantEnd }
        return { role, text: pieces.userRole + pieces.contentGap + text + pieces.userEnd }
      }),
      ...opened,
    ],
    systemLead: '',
    lastPieces: 1 + opened.length,
  }
}

/** The beginning of a reply stands alone, as it was written: only where the model writes the gap itself, it is tokenized with what comes before. */
function openedReply({ assistantRole, contentGap, replyGap }: TurnPieces, replySoFar: string): readonly Turn[] {
  if (replySoFar === '') return [{ role: 'user', text: assistantRole + replyGap }]
  if (replyGap !== contentGap) return [{ role: 'assistant', text: assistantRole + contentGap + replySoFar }]
  return [assistantRole + replyGap, replySoFar].map((text) => ({ role: 'assistant', text }))
}

function renderDialogue(
  prompt: Turns,
  dialogue: Dialogue,
  turns: readonly Turn[],
  { systemText, replySoFar = '' }: Around,
): RenderedTurns {
  const { system, firstRound } = dialogue
  const given = systemText ?? system?.text ?? ''
  let round = firstRound ?? 0
  let systemLead = ''
  const pieces = turns.map(({ role, text }, index): Turn => {
    const content = dialogue.squeezeBlankLines ? squeezed(text) : text
    if (role === 'assistant') return { role, text: dialogue.replyGap + content }
    const counted = (prefix: string) => (firstRound === null ? prefix : prefix.split('{round}').join(String(round)))
    if (index === 0 && system !== null && given !== '') systemLead = system.before + given + counted(system.after)
    const start =
      index > 0
        ? prompt.assistantSuffix + counted(prompt.userPrefix)
        : systemLead === ''
          ? counted(dialogue.firstUserPrefix)
          : systemLead
    round += 1
    const end = index === turns.length - 1 ? dialogue.replyStart : ''
    return { role, text: start + content + prompt.userSuffix + prompt.assistantPrefix + end }
  })
  if (replySoFar === '') return { pieces, systemLead, lastPieces: 1 }
  // As a finished reply stands among earlier turns: a piece of its own.
  const begun: Turn = { role: 'assistant', text: dialogue.replyGap + replySoFar }
  return { pieces: [...pieces, begun], systemLead, lastPieces: 2 }
}

function squeezed(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\n\n', '\n')
}

/**
 * The turns a model is sent: of a single-turn model the last user turn only; otherwise all, without leading assistant turns (web-llm wants the user
 * first and last). Neighbours of one role are one turn to the model (joinTurns.ts).
 */
export function sentTurns<T extends Turn>(
  prompt: PromptTemplate,
  turns: readonly T[],
  sendsEarlierTurns = false,
): readonly T[] {
  if (prompt.kind === 'turns' && prompt.singleTurn && !sendsEarlierTurns) return lastTurn(turns)
  const firstUser = turns.findIndex((turn) => turn.role === 'user')
  return firstUser < 0 ? [] : turns.slice(firstUser)
}
