// `hearth inspect`: what a folder holds, and whether it compiles or, where its weights are ready, runs.
import { resolve } from 'node:path'
import type { Inspection } from '../../shared/inspect/inspect.ts'
import { inspectSource } from '../../shared/inspect/inspectSource.ts'
import type { InspectionReport } from '../../shared/inspect/report.ts'
import { promptReasonText } from '../../shared/prompts/promptReason.ts'
import { formatBytes } from '../../shared/units.ts'
import { openFolder } from '../services/files.ts'
import { repositoryOf } from '../services/folderName.ts'
import { facts } from './table.ts'
import type { Terminal } from './terminal.ts'

/** Prints and resolves to 0 where the folder compiles or runs, else to 1. */
export async function inspect(folder: string, terminal: Terminal, signal: AbortSignal): Promise<number> {
  await using source = await openFolder(resolve(folder))
  const { found, form } = await inspectSource(source, repositoryOf(resolve(folder)), signal)
  await terminal.write(inspectionText(found, form))
  return found.obstacle === null ? 0 : 1
}

/** One line per fact; what is not known is left out. */
export function inspectionText(found: Inspection, form: InspectionReport['form'] = 'checkpoint'): string {
  const { architecture, contextTokens, licence, obstacle, parameters, sizes, variant, weightFiles } = found
  const template = variant?.template ? `, prompt ${variant.template}` : ''
  const total = weightFiles.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const lines: readonly (readonly [string, string | null])[] = [
    [form === 'ready' ? 'runs' : 'compiles', obstacle === null ? 'yes' : `no: ${obstacle}`],
    ['architecture', architecture],
    ['kind', variant && `${variant.kind}${template} (${promptReasonText(variant.reason)})`],
    ['parameters', parameters === null ? null : parameters.toLocaleString('en')],
    ['context', contextTokens === null ? null : `${contextTokens.toLocaleString('en')} tokens`],
    ['licence', licence],
    [
      'weights',
      weightFiles.length === 0 ? null : `${weightFiles.map(({ name }) => name).join(', ')}: ${formatBytes(total)}`,
    ],
    ...sizes.map(({ format, sizeBytes }) => [format, formatBytes(sizeBytes)] as const),
  ]
  return facts(lines)
}
