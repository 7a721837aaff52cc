// `hearth show`: what a model is. Of an installed one everything that is known here; of a repository what its small files tell.
import type { InspectionReport } from '../../shared/inspect/report.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import { formatBytes, formatDuration, formatSpeed } from '../../shared/units.ts'
import type { Models } from '../services/models.ts'
import { inspectionText } from './inspect.ts'
import { facts } from './table.ts'
import type { Terminal } from './terminal.ts'

export interface ShowParts {
  readonly installed: readonly InstalledModel[]
  readonly models: Pick<Models, 'records' | 'inspect'>
}

/** Resolves to 0, to 1 for a repository that cannot be installed. */
export async function show(
  { installed, models }: ShowParts,
  { subject, json }: { readonly subject: string; readonly json: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const model = installed.find(({ manifest }) => manifest.id === subject)
  if (model !== undefined) {
    const record = (await models.records()).find(({ key }) => key === model.key) ?? null
    await terminal.write(json ? jsonText({ ...model, record }) : modelText(model, record))
    return 0
  }
  const report = await models.inspect({ kind: 'repository', repository: subject }, signal)
  await terminal.write(json ? jsonText(report) : reportText(report))
  return report.found.obstacle === null ? 0 : 1
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

export function reportText({ subject, form, found, downloadBytes }: InspectionReport): string {
  return (
    facts([
      ['repository', subject.kind === 'repository' ? `${subject.repository} at ${subject.commit}` : subject.name],
      ['terms', subject.kind === 'repository' && subject.isGated ? 'must be accepted on its page' : null],
      ['form', form === 'ready' ? 'ready-made MLC weights' : 'a checkpoint, compiled here'],
      ['download', formatBytes(downloadBytes)],
    ]) + inspectionText(found)
  )
}

export function modelText({ key, manifest }: InstalledModel, record: ModelRecord | null): string {
  const { memory } = manifest
  const day = (timeMs: number | null) => (timeMs === null ? null : new Date(timeMs).toISOString().slice(0, 10))
  const origin = record?.origin ?? null
  return facts([
    ['model', manifest.id],
    ['kind', `${manifest.variant} of ${manifest.family}`],
    ['about', manifest.description],
    ['licence', manifest.licence],
    ['made from', origin === null ? manifest.provenance : `${origin.repository} at ${origin.commit}`],
    [
      'weights',
      `${manifest.weightFormat}, ${manifest.quantization}, ${manifest.parameters.toLocaleString('en')} parameters`,
    ],
    ['context', `${manifest.contextTokens.toLocaleString('en')} tokens`],
    ['memory', formatBytes(memory.weightsBytes + memory.cacheBytes + memory.workingBytes)],
    ['place', record && placeWords[record.place]],
    ['on disk', record && `${formatBytes(record.sizeBytes)}; deleting it frees ${formatBytes(record.ownBytes)}`],
    ['last used', day(record?.lastUsedAtMs ?? null)],
    ['verified', day(record?.lastVerifiedAtMs ?? null)],
    ...(record?.damage ?? []).map(({ file, detail }) => ['damaged', `${file}: ${detail}`] as const),
    ...(record?.measurements ?? []).map(({ adapterName, memoryBytes, loadMs, decodeTokensPerSecond }) => {
      const speed = decodeTokensPerSecond === null ? '' : `, ${formatSpeed(decodeTokensPerSecond)}`
      return [
        'measured',
        `${formatBytes(memoryBytes)}, loaded in ${formatDuration(loadMs)}${speed} (${adapterName})`,
      ] as const
    }),
    ['key', key],
  ])
}

const placeWords = {
  bundled: 'came with Hearth',
  store: 'in the models folder',
  folder: 'a folder below the models folder',
  'in-place': 'read where another program keeps it',
} as const
