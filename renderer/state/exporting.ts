// Chats on their way out: to a file that the person chooses, or to paper. Each is read whole first, so that what is not on the screen goes along.
import { createStore } from 'zustand/vanilla'
import { fileName } from '../../shared/chats/export/fileName.ts'
import { exportHtml } from '../../shared/chats/export/html.ts'
import { exportJson } from '../../shared/chats/export/json.ts'
import { type ExportWords, exportMarkdown } from '../../shared/chats/export/markdown.ts'
import { titleOf } from '../../shared/chats/title.ts'
import { pathTo } from '../../shared/chats/tree.ts'
import type { AnswerRecord, Message } from '../../shared/chats/types.ts'
import type { Chats } from './chats/api.ts'

/** complete: JSON with the chat's settings and what was sent for each answer. */
export const exportKinds = ['markdown', 'html', 'json', 'complete'] as const
export type ExportKind = (typeof exportKinds)[number]

export interface ExportingParts {
  readonly read: Chats['read']
  readonly record: (messageId: string) => Promise<AnswerRecord | null>
  readonly save: (file: {
    readonly name: string
    readonly kind: 'md' | 'html' | 'json'
    readonly text: string
  }) => Promise<unknown>
  /** Prints the page as it stands. */
  readonly print: () => Promise<unknown>
  /** Markdown as HTML that is safe to show in a page of its own; null: show the text as it was written. */
  readonly renderHtml: (text: string) => Promise<string | null>
  readonly words: () => ExportWords
  readonly language: () => string
}

/** What is laid out for paper in place of the window. */
export interface PrintedChat {
  readonly title: string
  readonly systemText: string | null
  readonly path: readonly Message[]
  readonly words: ExportWords
}

export interface ExportingState {
  readonly printed: PrintedChat | null
  /** What went wrong with the last one; null: nothing. */
  readonly failure: unknown
}

export function createExporting(parts: ExportingParts) {
  const store = createStore<ExportingState>()(() => ({ printed: null, failure: null }))

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    store.setState({ failure: null })
    try {
      await work()
    } catch (failure) {
      store.setState({ failure })
    }
  }

  async function branch(chatId: string): Promise<PrintedChat & { readonly whole: Awaited<ReturnType<Chats['read']>> }> {
    const whole = await parts.read(chatId)
    const { title, leafId, settings } = whole.chat
    const path = pathTo(new Map(whole.messages.map((message) => [message.id, message])), leafId)
    return {
      title: title || titleOf(path[0]?.text ?? ''),
      systemText: settings.systemText,
      path,
      words: parts.words(),
      whole,
    }
  }

  function save(chatId: string, kind: ExportKind): Promise<void> {
    return attempt(async () => {
      const { whole, words, ...seen } = await branch(chatId)
      const name = (extension: 'md' | 'html' | 'json') => fileName(seen.title, words.untitled, extension)
      switch (kind) {
        case 'markdown':
          return parts.save({ name: name('md'), kind: 'md', text: exportMarkdown(seen, words) })
        case 'html': {
          const rendered: (string | null)[] = []
          for (const { role, text } of seen.path)
            rendered.push(role === 'assistant' ? await parts.renderHtml(text) : null)
          return parts.save({
            name: name('html'),
            kind: 'html',
            text: exportHtml(seen, rendered, words, parts.language()),
          })
        }
        case 'json':
        case 'complete': {
          const isComplete = kind === 'complete'
          const records = isComplete ? await recordsOf(whole.messages) : null
          const text = exportJson([{ ...whole, records, withSettings: isComplete }])
          return parts.save({ name: name('json'), kind: 'json', text })
        }
        default:
          return kind satisfies never
      }
    })
  }

  async function recordsOf(messages: readonly Message[]): Promise<readonly AnswerRecord[]> {
    const records: AnswerRecord[] = []
    for (const { id, writer } of messages) {
      const record = writer === null ? null : await parts.record(id)
      if (record !== null) records.push(record)
    }
    return records
  }

  return {
    store,
    save,
    /** Lays the chat out; the view that shows it prints the page (`laidOut`). */
    print: (chatId: string) =>
      attempt(async () => {
        const { whole: _, ...printed } = await branch(chatId)
        store.setState({ printed })
      }),
    laidOut: async () => {
      await attempt(parts.print)
      store.setState({ printed: null })
    },
    dismiss: () => store.setState({ failure: null }),
  }
}
