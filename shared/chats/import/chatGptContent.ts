// What a message of ChatGPT says, as Markdown. The kinds are those of OpenAI's export (Settings > Data controls > Export data): text, multimodal_text, code,
// tether_quote and others; what a tool said, hidden context and thoughts are no part of the conversation.
import { fenced } from '../export/fence.ts'
import { isRecord } from './imported.ts'

export type SaidBy = 'user' | 'assistant' | 'system'

export interface Said {
  readonly by: SaidBy
  readonly text: string
}

/** null: nothing that is shown to a person. */
export function saidIn(message: unknown): Said | null {
  if (!isRecord(message)) return null
  const { author, content, metadata, recipient } = message
  const by = isRecord(author) ? author.role : null
  if (by !== 'user' && by !== 'assistant' && by !== 'system') return null
  if (isRecord(metadata) && metadata.is_visually_hidden_from_conversation === true) return null
  // What goes to a tool is not for the person, except programs, which ChatGPT shows.
  const isForPerson = recipient === undefined || recipient === null || recipient === 'all'
  if (!isForPerson && !(isRecord(content) && content.content_type === 'code' && recipient === 'python')) return null
  const text = contentText(content)
  return text.trim() === '' ? null : { by, text }
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!isRecord(content)) return ''
  switch (content.content_type) {
    case 'code':
      return code(content)
    case 'tether_quote':
      return quote(content)
    case 'tether_browsing_display':
    case 'user_editable_context':
    case 'model_editable_context':
    case 'thoughts':
    case 'reasoning_recap':
    case 'system_error':
      return ''
    default:
      return Array.isArray(content.parts) ? partsText(content.parts) : textOf(content.text)
  }
}

function partsText(parts: readonly unknown[]): string {
  return parts.map(partText).filter(Boolean).join('\n\n')
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part
  if (!isRecord(part)) return ''
  const kind = textOf(part.content_type)
  if (kind === 'image_asset_pointer') return '[picture]'
  if (kind.includes('audio') && typeof part.text !== 'string') return '[sound]'
  if (kind.includes('video')) return '[video]'
  return textOf(part.text)
}

function code(content: Readonly<Record<string, unknown>>): string {
  const text = textOf(content.text)
  const language = textOf(content.language)
  return text === '' ? '' : fenced(text, language === 'unknown' ? '' : language)
}

function quote(content: Readonly<Record<string, unknown>>): string {
  const text = textOf(content.text)
  const source = [textOf(content.title), textOf(content.url)].filter(Boolean).join(', ')
  const lines = [...text.split('\n'), ...(source === '' ? [] : ['', source])]
  return text === '' ? '' : lines.map((line) => `> ${line}`.trimEnd()).join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
