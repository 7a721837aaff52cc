// `hearth rm`: deletes models by name, all of them or, where a name is unknown, none.
import type { InstalledModel } from '../../shared/model.ts'
import { formatBytes } from '../../shared/units.ts'
import type { Models } from '../services/models.ts'
import { chooseModels } from './models.ts'
import type { Terminal } from './terminal.ts'

/** Resolves to 0. */
export async function remove(
  { installed, models }: { readonly installed: readonly InstalledModel[]; readonly models: Pick<Models, 'remove'> },
  { ids, json }: { readonly ids: readonly string[]; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const removed: { readonly id: string; readonly freedBytes: number }[] = []
  for (const { key, manifest } of chooseModels(installed, ids)) {
    const { freedBytes } = await models.remove(key)
    removed.push({ id: manifest.id, freedBytes })
    if (!json) terminal.say(`${manifest.id} is deleted; ${formatBytes(freedBytes)} are free again`)
  }
  if (json) await terminal.write(`${JSON.stringify(removed, null, 2)}\n`)
  return 0
}
