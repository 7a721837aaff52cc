// `hearth search`: repositories of the Hub, one line each.
import type { FoundRepository } from '../../shared/inspect/report.ts'
import type { Models } from '../services/models.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

/** Resolves to 0, to 1 where nothing was found. */
export async function search(
  models: Pick<Models, 'search'>,
  { text, json }: { readonly text: string; readonly json: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const found = await models.search(text, signal)
  if (json) await terminal.write(`${JSON.stringify(found, null, 2)}\n`)
  else if (found.length === 0) terminal.say(`no model's name has ${text} in it`)
  else await terminal.write(table(found.map(row)))
  return found.length === 0 ? 1 : 0
}

function row({ repository, downloads, isGated, licence }: FoundRepository): readonly string[] {
  const popularity = downloads === null ? '' : `${downloads.toLocaleString('en')} downloads`
  return [repository, popularity, licence ?? 'licence not given', isGated ? 'its terms must be accepted' : '']
}
