// What a model of a variant is sent for a branch.
import { turnsOf } from '../../../shared/chats/history.ts'
import { scaffolded, scaffoldedTurns } from '../../../shared/chats/scaffold.ts'
import type { ChatSettings, Message } from '../../../shared/chats/types.ts'
import type { PromptTemplate, Variant } from '../../../shared/model.ts'
import { lastTurn } from '../../../shared/prompts/joinTurns.ts'
import { tunedSystemText } from '../../../shared/prompts/withInput.ts'
import type { Prompt } from '../../inference/protocol.ts'

export interface PromptRequest {
  readonly variant: Variant
  /** Of the model that is asked. */
  readonly template: PromptTemplate
  readonly settings: ChatSettings
  /** Up to the question, or to the document. */
  readonly path: readonly Message[]
  /** The beginning of an answer that is gone on with. */
  readonly replySoFar?: string
}

export function promptOf({ variant, template, settings, path, replySoFar }: PromptRequest): Prompt {
  const whenFull = settings.whenFull === 'forget' ? {} : { whenFull: settings.whenFull }
  if (variant === 'base') return { kind: 'completion', text: continuedText(path, settings, replySoFar), ...whenFull }
  const turns = sentTurns({ variant, template, settings, path }).map(({ messageIds: _, ...turn }) => turn)
  return {
    kind: 'turns',
    turns,
    ...systemTextOf(settings, template, path),
    ...(replySoFar === undefined || replySoFar === '' ? {} : { replySoFar }),
    ...(variant === 'instruct' && settings.sendsEarlierTurns ? { sendsEarlierTurns: true } : {}),
    ...whenFull,
  }
}

/** To an instruct model, which was tuned on one exchange, the last question alone, unless the person wants it otherwise. */
export function sentTurns({ variant, template, settings, path }: PromptRequest) {
  const turns = turnsOf(path, template)
  return variant === 'instruct' && !settings.sendsEarlierTurns ? lastTurn(turns) : turns
}

/** Only where it is another one than the model's own. */
function systemTextOf({ systemText }: ChatSettings, template: PromptTemplate, path: readonly Message[]) {
  if (systemText !== null) return { systemText }
  const hasInput = (path.findLast(({ role }) => role === 'user')?.input ?? '').trim() !== ''
  const text = tunedSystemText(template, hasInput)
  return text === tunedSystemText(template, false) ? {} : { systemText: text }
}

function continuedText(path: readonly Message[], { scaffold }: ChatSettings, replySoFar = ''): string {
  const opened = scaffolded(path, scaffold).text
  if (replySoFar === '') return opened
  if (scaffold === 'dialogue') return `${opened}${replySoFar.startsWith(' ') ? '' : ' '}${replySoFar}`
  const before = scaffoldedTurns(path, scaffold)
  return before === '' ? replySoFar : `${before}\n\n${replySoFar}`
}
