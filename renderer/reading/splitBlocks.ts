// Cuts a text into its top-level blocks, in one pass over its lines, so that each can be parsed alone and, while a model writes, only the last again. It knows
// what goes on over an empty line: fences, formulas, lists, footnotes and raw HTML. Where it cuts otherwise than CommonMark would, a block looks
// different; nothing is ever lost: the blocks joined are the text.
import { limits } from './limits.ts'

export type Block =
  | { readonly kind: 'markdown'; readonly source: string }
  /** A fence at the left edge. */
  | {
      readonly kind: 'code'
      readonly source: string
      readonly language: string
      readonly code: string
      readonly isClosed: boolean
    }

type Opened =
  | { readonly kind: 'none' }
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly marker: string; readonly indent: number }
  | { readonly kind: 'footnote' }
  | { readonly kind: 'fence'; readonly mark: string; readonly indent: number }
  | { readonly kind: 'maths'; readonly mark: string }
  | { readonly kind: 'html'; readonly end: RegExp }

/** A fence within a list or a quote: it ends, but starts no block of its own. */
interface InnerFence {
  readonly mark: string
}

const fencePattern = /^( *)(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const mathsPattern = /^ {0,3}(\${2,})[^$]*$/
const listPattern = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/
const headingPattern = /^ {0,3}#{1,6}(?:[ \t]|$)/

const htmlPatterns: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^ {0,3}<(script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
]

export function splitBlocks(text: string): readonly Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  let characters = 0
  let opened: Opened = { kind: 'none' }
  let inner: InnerFence | null = null
  let isAfterEmpty = false

  const finish = (isClosed: boolean) => {
    if (lines.length > 0) blocks.push(blockOf(lines, opened, isClosed))
    lines = []
    characters = 0
    opened = { kind: 'none' }
    inner = null
    isAfterEmpty = false
  }
  const add = (line: string) => {
    lines.push(line)
    characters += line.length
  }

  for (const whole of text.split(/(?<=\n)/)) {
    const line = whole.endsWith('\n') ? whole.slice(0, -1) : whole
    const isEmpty = line.trim() === ''
    if (opened.kind === 'fence' || opened.kind === 'maths' || opened.kind === 'html') {
      add(whole)
      if (isEnd(line, opened)) finish(true)
      continue
    }
    const indent = line.length - line.trimStart().length
    if (isEmpty) {
      add(whole)
      isAfterEmpty = true
      continue
    }
    const fence = fencePattern.exec(line)
    const own = opened.kind === 'list' ? opened.indent : opened.kind === 'footnote' ? 4 : 0
    // What stands further left than its item has left the list.
    if (inner !== null && indent < own && isAfterEmpty) inner = null
    if (inner !== null) {
      if (fence !== null && isClosing(line, inner.mark)) inner = null
      add(whole)
      isAfterEmpty = false
      continue
    }
    const isWithin = own > 0 && indent >= own
    if (
      !isWithin &&
      (startsBlock(line, fence) ||
        (isAfterEmpty && !goesOn(line, indent, opened)) ||
        isLongList(line, opened, characters))
    )
      finish(false)
    const isFirst = opened.kind === 'none'
    if (isFirst) opened = open(line, fence)
    else if (opened.kind === 'list' && !isWithin) opened = nextItem(line, opened)
    if (isWithin && fence !== null) inner = { mark: fence[2] ?? '' }
    else if (opened.kind === 'list' && !isWithin) inner = fenceBehind(line)
    add(whole)
    isAfterEmpty = false
    if (opened.kind === 'html' && opened.end.test(line)) finish(true)
    else if (isFirst && headingPattern.test(line)) finish(true)
  }
  finish(false)
  return blocks
}

/** Small neighbours as one block, so that many of them are not many questions to the parser. What was joined stays joined while a text grows. */
export function joinSmall(blocks: readonly Block[]): readonly Block[] {
  const joined: Block[] = []
  for (const block of blocks) {
    const last = joined.at(-1)
    const isSmall = block.kind === 'markdown' && last?.kind === 'markdown'
    if (isSmall && last.source.length + block.source.length < limits.joinedCharacters) {
      joined[joined.length - 1] = { kind: 'markdown', source: last.source + block.source }
    } else joined.push(block)
  }
  return joined
}

function startsBlock(line: string, fence: RegExpExecArray | null): boolean {
  return (fence !== null && (fence[1] ?? '').length < 4) || mathsPattern.test(line) || headingPattern.test(line)
}

/** Whether a line behind an empty one still belongs to the block. */
function goesOn(line: string, indent: number, opened: Opened): boolean {
  switch (opened.kind) {
    case 'list':
      return listPattern.exec(line)?.[2]?.at(-1) === opened.marker || indent >= opened.indent
    case 'none':
      return true
    default:
      return indent >= 4
  }
}

function isLongList(line: string, opened: Opened, characters: number): boolean {
  return opened.kind === 'list' && characters > limits.listCharacters && listPattern.test(line)
}

function open(line: string, fence: RegExpExecArray | null): Opened {
  if (fence !== null && (fence[1] ?? '').length < 4) {
    return { kind: 'fence', mark: fence[2] ?? '', indent: (fence[1] ?? '').length }
  }
  const maths = mathsPattern.exec(line)
  if (maths !== null) return { kind: 'maths', mark: maths[1] ?? '' }
  const html = htmlPatterns.find(([start]) => start.test(line))
  if (html !== undefined) return { kind: 'html', end: html[1] }
  if (/^ {0,3}\[\^[^\]]{1,200}\]:/.test(line)) return { kind: 'footnote' }
  return nextItem(line, { kind: 'text' })
}

function nextItem(line: string, opened: Opened): Opened {
  const item = listPattern.exec(line)
  // A line of stars or dashes alone is a rule.
  if (item === null || /^ {0,3}([-*_])( *\1){2,} *$/.test(line)) return opened
  const [, before = '', marker = '', after = ''] = item
  const space = after.length === 0 || after.length > 4 ? 1 : after.length
  return { kind: 'list', marker: marker.at(-1) ?? '', indent: before.length + marker.length + space }
}

/** `- ```js`: the fence starts on the item's own line. */
function fenceBehind(line: string): InnerFence | null {
  const rest = line.replace(listPattern, '')
  const fence = rest === line ? null : fencePattern.exec(rest)
  return fence === null ? null : { mark: fence[2] ?? '' }
}

function isEnd(line: string, opened: Opened & { readonly kind: 'fence' | 'maths' | 'html' }): boolean {
  switch (opened.kind) {
    case 'fence':
      return /^ {0,3}\S/.test(line) && isClosing(line, opened.mark)
    case 'maths': {
      const marks = /^ {0,3}(\${2,})\s*$/.exec(line)?.[1] ?? ''
      return marks.length >= opened.mark.length
    }
    case 'html':
      return opened.end.test(line)
  }
}

function isClosing(line: string, mark: string): boolean {
  const trimmed = line.trim()
  return trimmed.length >= mark.length && trimmed === (mark[0] ?? '').repeat(trimmed.length)
}

function blockOf(lines: readonly string[], opened: Opened, isClosed: boolean): Block {
  const source = lines.join('')
  if (opened.kind !== 'fence') return { kind: 'markdown', source }
  const first = lines.findIndex((line) => line.trim() !== '')
  const info = fencePattern.exec((lines[first] ?? '').replace(/\n$/, ''))?.[3] ?? ''
  const inside = lines.slice(first + 1, isClosed ? -1 : undefined).map((line) => withoutIndent(line, opened.indent))
  return { kind: 'code', source, language: languageOf(info), code: inside.join('').replace(/\n$/, ''), isClosed }
}

function withoutIndent(line: string, indent: number): string {
  return line.slice(Math.min(indent, line.length - line.trimStart().length))
}

/** The first word behind the fence, where it can be the name of a language. */
function languageOf(info: string): string {
  return /^\s*([\w+#.-]{1,30})(?=[\s{,:]|$)/.exec(info)?.[1] ?? ''
}
