// Fenced code of Markdown (CommonMark 4.5) around any text, and text that leaves nothing open behind it.

/** A code block whose fence is longer than any run of backticks within. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language.replace(/[^\w+#.-]/g, '')}\n${text}\n${fence}`
}

// Kinds 1 to 5 of CommonMark 4.6: HTML that goes on past empty lines to its own end, or to the end of the file.
const endlessHtml = /^( {0,3})<(?=!--|\?|![a-z]|!\[CDATA\[|(?:script|pre|style|textarea)(?:[\s>]|$))/i

/** The same Markdown, with a fence closed that was left open, and without HTML that would swallow what follows. */
export function closed(text: string): string {
  let open: { readonly mark: string; readonly length: number } | null = null
  const lines = text.split('\n').map((line) => {
    const [, run = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.replace(/\r$/, '')) ?? []
    const mark = run.charAt(0)
    if (open !== null) {
      if (mark === open.mark && run.length >= open.length && rest.trim() === '') open = null
      return line
    }
    if (run !== '' && !(mark === '`' && rest.includes('`'))) {
      open = { mark, length: run.length }
      return line
    }
    return line.replace(endlessHtml, '$1\\<')
  })
  const left = open as { readonly mark: string; readonly length: number } | null
  return left === null ? lines.join('\n') : `${lines.join('\n')}\n${left.mark.repeat(left.length)}`
}
