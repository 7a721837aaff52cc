// A conversation as one text for a base model, and back. `dialogue` writes the two names that such models have read most often; a message that has a line
// beginning with one of them comes back as several turns.
import type { Turn } from '../prompts/renderTurns.ts'
import type { Message, Scaffold } from './types.ts'

/** A text that is made of a conversation begins with the message in which this many characters from the end lie: few models read more, and it opens at once. */
export const mostScaffoldCharacters = 200_000

const names = { user: 'User:', assistant: 'Assistant:' } as const

/** Ends what a base model writes in the scaffold: the other's next line. */
export function scaffoldStops(scaffold: Scaffold): readonly string[] {
  return scaffold === 'dialogue' ? [`\n${names.user}`] : []
}

/** A text, and which stretches of it models wrote. */
export interface ScaffoldedText {
  readonly text: string
  readonly written: Message['written']
}

/** The text of a branch. A document on it holds everything before it, as it is. Of a dialogue the next line is opened. */
export function scaffolded(path: readonly Message[], scaffold: Scaffold): ScaffoldedText {
  const turns = joined(path, scaffold)
  const last = path.at(-1)
  if (scaffold === 'plain' || last?.role === 'document') return turns
  const opened = last?.role === 'user' ? names.assistant : names.user
  return { ...turns, text: turns.text === '' ? opened : `${turns.text}\n${opened}` }
}

/** The same text without an opened line, for a model that goes on with the last message. */
export function scaffoldedTurns(path: readonly Message[], scaffold: Scaffold): string {
  return joined(path, scaffold).text
}

function joined(path: readonly Message[], scaffold: Scaffold): ScaffoldedText {
  const start = path.findLastIndex(({ role }) => role === 'document')
  const seen = newestOf(path.slice(Math.max(0, start)))
  const [only] = seen
  if (only?.role === 'document' && seen.length === 1) return { text: only.text, written: only.written }
  const gap = scaffold === 'plain' ? '\n\n' : '\n'
  const parts: string[] = []
  const written: Message['written'][number][] = []
  let lengthSoFar = 0
  let continuations = 0
  const add = (part: string) => {
    parts.push(part)
    lengthSoFar += part.length
  }
  for (const message of seen) {
    const text = message.role === 'document' ? withoutOpened(message) : scaffoldText(message)
    if (text === '') continue
    const name = scaffold === 'plain' || message.role === 'document' ? '' : `${names[message.role]} `
    add(`${lengthSoFar === 0 ? '' : gap}${name}`)
    for (const stretch of stretchesOf(message, text, lengthSoFar, continuations)) {
      written.push(stretch)
      continuations = Math.max(continuations, stretch.continuation)
    }
    add(text)
  }
  return { text: parts.join(''), written }
}

/** The newest messages, at least one. */
function newestOf(path: readonly Message[]): readonly Message[] {
  let characters = 0
  const first = path.findLastIndex(({ text, input }) => {
    characters += text.length + input.length
    return characters > mostScaffoldCharacters
  })
  return path.slice(Math.max(0, first))
}

/** Of a message whose text begins at `start`; continuations count on from `counted`. */
function stretchesOf(message: Message, text: string, start: number, counted: number): Message['written'] {
  if (message.role === 'document') {
    return message.written
      .map((stretch) => ({ ...stretch, end: Math.min(stretch.end, text.length) }))
      .filter((stretch) => stretch.start < stretch.end)
  }
  return message.writer === null ? [] : [{ start, end: start + text.length, continuation: counted + 1 }]
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
