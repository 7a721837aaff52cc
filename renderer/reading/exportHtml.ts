// The text of a message as HTML for a file: the same parser and the same list of what is allowed, written out as a string. There is nothing in it that runs or
// loads; links are links to web pages, formulas are MathML, which needs no style sheet, code has no colours of its own (classes of highlight.js).

import { cleanText } from './cleanText.ts'
import { isTooMuch } from './isTooMuch.ts'
import { pageReader } from './pageReader.ts'
import type { ParseAnswer, ParseRequest } from './protocol.ts'
import type { Reader } from './reader.ts'
import { withReferences } from './references.ts'
import { joinSmall, splitBlocks } from './splitBlocks.ts'
import { escapeHtml, toHtml } from './toHtml.ts'

/** Of a whole text, however long. What cannot be parsed in time stands in it as it was written. */
export async function renderHtml(text: string, reader: Reader = pageReader()): Promise<string> {
  const blocks = joinSmall(splitBlocks(cleanText(text)))
  const sources = withReferences(blocks)
  const owner = {}
  const { signal } = new AbortController()
  const written: string[] = []
  for (const [index, block] of blocks.entries()) {
    const source = (sources[index] ?? block.source).trimEnd()
    if (source.trim() === '') continue
    const request = requestOf(block.kind === 'code' ? block : null, source)
    const answer: ParseAnswer =
      request === null ? { kind: 'plain' } : await reader.read(request, { owner, isPassing: false }, signal)
    if (answer.kind === 'tree') written.push(toHtml(answer.nodes))
    else if (block.kind === 'code') written.push(`<pre><code>${escapeHtml(block.code)}</code></pre>`)
    else written.push(`<pre class="plain">${escapeHtml(block.source.trimEnd())}</pre>`)
  }
  return written.join('\n')
}

function requestOf(
  code: { readonly code: string; readonly language: string } | null,
  source: string,
): ParseRequest | null {
  if (code !== null) return code.language === '' ? null : { kind: 'code', text: code.code, language: code.language }
  return isTooMuch(source) ? null : { kind: 'markdown', text: source, maths: 'file' }
}
