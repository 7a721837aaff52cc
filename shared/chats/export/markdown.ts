// A chat as Markdown: the branch that is seen, a heading for whoever speaks. Answers are Markdown already; a base model's text is not, and stands in a fence.
import type { Message } from '../types.ts'
import { closed, fenced } from './fence.ts'
import { plainLine } from './plainLine.ts'

/** The words of an exported file, in the language of the window. */
export interface ExportWords {
  readonly you: string
  readonly model: string
  readonly text: string
  readonly input: string
  readonly system: string
  readonly untitled: string
  /** Below the title, for example when it was exported. */
  readonly about: string
}

export interface ExportedBranch {
  readonly title: string
  readonly systemText: string | null
  readonly path: readonly Message[]
}

export function exportMarkdown({ title, systemText, path }: ExportedBranch, words: ExportWords): string {
  const blocks = [
    `# ${escaped(plainLine(title) || words.untitled)}`,
    escaped(plainLine(words.about)),
    ...(systemText === null || systemText === '' ? [] : [`## ${words.system}`, fenced(systemText)]),
    ...path.flatMap((message) => [`## ${escaped(speakerOf(message, words))}`, ...textOf(message, words)]),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** Who speaks, for a heading. */
export function speakerOf({ role, writer }: Message, words: ExportWords): string {
  if (role === 'user') return words.you
  const title = plainLine(writer?.title ?? '')
  if (title !== '') return title
  return role === 'document' ? words.text : words.model
}

function textOf({ role, text, input }: Message, words: ExportWords): readonly string[] {
  if (role === 'document') return [fenced(text)]
  return [closed(text), ...(input === '' ? [] : [`**${escaped(words.input)}**`, fenced(input)])]
}

function escaped(line: string): string {
  return line.replace(/[\\`*_[\]<>#&]/g, '\\$&')
}
