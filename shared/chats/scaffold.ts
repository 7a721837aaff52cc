// A conversation as one text for a base model, and back. `dialogue` writes the two names that such models have read most often; a message that has a line
// beginning with one of them comes back as several turns.
import type { Turn } from '../prompts/renderTurns.ts'
import type { Message, Scaffold } from './types.ts'

const names = { user: 'User:', assistant: 'Assistant:' } as const

/** Ends what a base model writes in the scaffold: the other's next line. */
export function scaffoldStops(scaffold: Scaffold): readonly string[] {
  return scaffold === 'dialogue' ? [`\n${names.user}`] : []
}

/** The text of a branch. A document on it holds everything before it, as it is. Of a dialogue the next line is opened. */
export function scaffolded(path: readonly Message[], scaffold: Scaffold): string {
  const text = scaffoldedTurns(path, scaffold)
  const last = path.at(-1)
  if (scaffold === 'plain' || last?.role === 'document') return text
  const opened = last?.role === 'user' ? names.assistant : names.user
  return text === '' ? opened : `${text}\n${opened}`
}

/** The same without an opened line, for a model that goes on with the last message. */
export function scaffoldedTurns(path: readonly Message[], scaffold: Scaffold): string {
  const start = path.findLastIndex(({ role }) => role === 'document')
  const parts = path.slice(Math.max(0, start)).flatMap((message): readonly string[] => {
    if (message.role === 'document') return [withoutOpened(message)]
    const text = scaffoldText(message)
    if (text === '') return []
    return [scaffold === 'plain' ? text : `${names[message.role]} ${text}`]
  })
  if (parts.length === 1 && path.at(-1)?.role === 'document') return path.at(-1)?.text ?? ''
  return parts.filter((part) => part !== '').join(scaffold === 'plain' ? '\n\n' : '\n')
}

/** The turns of a dialogue; lines before the first name belong to the user. Turns without words are left out. */
export function parseDialogue(text: string): readonly Turn[] {
  const turns: { role: Turn['role']; text: string }[] = []
  for (const line of text.split('\n')) {
    const role = line.startsWith(names.user) ? 'user' : line.startsWith(names.assistant) ? 'assistant' : null
    const last = turns.at(-1)
    if (role !== null) turns.push({ role, text: line.slice(names[role].length) })
    else if (last === undefined) turns.push({ role: 'user', text: line })
    else last.text += `\n${line}`
  }
  return turns.map((turn) => ({ ...turn, text: turn.text.trim() })).filter((turn) => turn.text !== '')
}

function scaffoldText({ text, input }: Message): string {
  return [text.trim(), input.trim()].filter((part) => part !== '').join('\n\n')
}

/** What follows a dialogue document brings its own name. */
function withoutOpened({ text, scaffold }: Message): string {
  return scaffold === 'dialogue' ? text.replace(/\n(?:User|Assistant):\s*$/, '') : text
}
