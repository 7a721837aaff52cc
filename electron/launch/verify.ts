// `hearth verify`: every byte of installed models against its hash, and with --repair what is damaged made whole again.
import type { InstalledModel } from '../../shared/model.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import type { Models } from '../services/models.ts'
import { createJobDisplay } from './jobProgress.ts'
import { chooseModels } from './models.ts'
import type { Terminal } from './terminal.ts'

export interface VerifyParts {
  readonly installed: readonly InstalledModel[]
  readonly models: Pick<Models, 'jobs' | 'records'>
}

/** Resolves to 0 when everything is sound, to 1 when something is damaged. */
export async function verify(
  { installed, models }: VerifyParts,
  { ids, repair, json }: { readonly ids: readonly string[]; readonly repair: boolean; readonly json: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const chosen = ids.length === 0 ? installed : chooseModels(installed, ids)
  const checked: { readonly id: string; readonly damage: ModelRecord['damage'] }[] = []
  for (const { key, manifest } of chosen) {
    await finish(models, await models.jobs.verify(key), terminal, signal)
    if (repair && (await damageOf(models, key)).length > 0)
      await finish(models, await models.jobs.repair(key), terminal, signal)
    const damage = await damageOf(models, key)
    checked.push({ id: manifest.id, damage })
    if (json) continue
    if (damage.length === 0) await terminal.write(`${manifest.id}: sound\n`)
    for (const { file, detail } of damage) terminal.say(`${manifest.id}: ${file}: ${detail}`)
  }
  if (json) await terminal.write(`${JSON.stringify(checked, null, 2)}\n`)
  return checked.some(({ damage }) => damage.length > 0) ? 1 : 0
}

async function finish(
  { jobs }: VerifyParts['models'],
  id: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const display = createJobDisplay({ ...terminal, say: () => {} }, false)
  const watching = new AbortController()
  jobs.watch((list) => {
    const job = list.find((other) => other.id === id)
    if (job !== undefined) display.report(job)
  }, watching.signal)
  try {
    await jobs.finished(id, signal)
  } catch (error) {
    // A check leaves nothing worth going on with.
    if (signal.aborted) await jobs.cancel(id)
    throw error
  } finally {
    watching.abort()
    display.end()
  }
}

async function damageOf(models: Pick<Models, 'records'>, key: string): Promise<ModelRecord['damage']> {
  return (await models.records()).find((record) => record.key === key)?.damage ?? []
}
