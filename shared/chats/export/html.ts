// A chat as one inert HTML file: no script, nothing fetched (its own policy says so), styles within. What a message looks like is given; nothing else is
// taken into the page unescaped.
import type { ExportedBranch, ExportWords } from './markdown.ts'
import { speakerOf } from './markdown.ts'
import { pageStyle } from './pageStyle.ts'
import { plainLine } from './plainLine.ts'

/** No request of any kind; styles only as they stand in the file. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** `rendered`: of each message of the path its text as HTML that is safe to show; null: shown as it was written. */
export function exportHtml(
  { title, systemText, path }: ExportedBranch,
  rendered: readonly (string | null)[],
  words: ExportWords,
  language: string,
): string {
  const name = escapeHtml(plainLine(title) || words.untitled)
  const parts = path.map((message, index) => {
    const { role, text, input } = message
    const body = rendered[index] ?? plain(text)
    const beside = input === '' ? '' : `<h3>${escapeHtml(words.input)}</h3>${plain(input)}`
    return `<section class="${role}"><h2 dir="auto">${escapeHtml(speakerOf(message, words))}</h2><div class="body" dir="auto">${body}</div>${beside}</section>`
  })
  const system =
    systemText === null || systemText === ''
      ? ''
      : `<section class="system"><h2>${escapeHtml(words.system)}</h2>${plain(systemText)}</section>`
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header><h1 dir="auto">${name}</h1><p>${escapeHtml(plainLine(words.about))}</p></header>
${[system, ...parts].filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function plain(text: string): string {
  return `<div class="plain" dir="auto">${escapeHtml(text)}</div>`
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
