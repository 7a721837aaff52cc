// Links and footnotes whose definition stands in another block: a block is parsed together with the definitions it names, and with a sign for each footnote
// that there is. Definitions come late in an answer; a block that names one is then parsed again.
import type { Block } from './splitBlocks.ts'

const definitionPattern = /^ {0,3}\[([^\]\n]{1,200})\]:[^\n]*/
const mostDefinitions = 200
const mostAdded = 2000

/** What the parser is given for a block, by index. */
export function withReferences(blocks: readonly Block[]): readonly string[] {
  const definitions = new Map<string, string>()
  for (const { kind, source } of blocks) {
    if (kind !== 'markdown' || !source.includes(']:')) continue
    for (const line of source.split('\n')) {
      const found = definitionPattern.exec(line)
      const name = nameOf(found?.[1] ?? '')
      if (found === null || definitions.has(name) || definitions.size >= mostDefinitions) continue
      definitions.set(name, name.startsWith('^') ? `[${found[1]}]:` : found[0].trim())
    }
  }
  return blocks.map(({ kind, source }) =>
    definitions.size === 0 || kind === 'code' ? source : withThoseOf(source, definitions),
  )
}

function withThoseOf(source: string, definitions: ReadonlyMap<string, string>): string {
  if (!source.includes('[')) return source
  const named = new Set([...source.matchAll(/\[([^[\]]{1,200})\](?!:)/g)].map(([, name = '']) => nameOf(name)))
  const own = new Set(source.split('\n').flatMap((line) => nameOf(definitionPattern.exec(line)?.[1] ?? '')))
  const wanted = [...named].flatMap((name) => (own.has(name) ? [] : (definitions.get(name) ?? []))).join('\n')
  return wanted === '' || wanted.length > mostAdded ? source : `${source.trimEnd()}\n\n${wanted}\n`
}

function nameOf(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase()
}
