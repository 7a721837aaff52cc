// A folder or repository of either form: a checkpoint, or weights in MLC's form.

import { chatConfigFile } from '../compiler/chatConfig.ts'
import type { ModelSource } from '../compiler/checkpoint/bytes.ts'
import { readBounded } from '../compiler/checkpoint/checkpoint.ts'
import { configFields, configFile, type Fields } from '../compiler/checkpoint/config.ts'
import { parseJson } from '../compiler/checkpoint/json.ts'
import { tensorCacheFiles } from '../compiler/ready/tensorCache.ts'
import { CompileError } from '../errors.ts'
import { type Inspection, inspectCheckpoint } from './inspect.ts'
import { inspectReady } from './inspectReady.ts'
import type { InspectionReport } from './report.ts'

export interface SourceInspection extends Pick<InspectionReport, 'form' | 'config'> {
  readonly found: Inspection
}

/** ready: there is a table of contents of MLC's form, or its configuration and none of Hugging Face's. */
export function formOf(names: readonly string[]): InspectionReport['form'] {
  const hasCache = tensorCacheFiles.some((name) => names.includes(name))
  const hasConfiguration = names.includes(chatConfigFile)
  return hasConfiguration && (hasCache || !names.includes(configFile)) ? 'ready' : 'checkpoint'
}

/** Rejects only where the source itself fails. `depth` as of inspectCheckpoint. */
export async function inspectSource(
  source: ModelSource,
  repository: string | null,
  signal: AbortSignal,
  depth: 'whole' | 'outline' = 'whole',
): Promise<SourceInspection> {
  const names = await source.names()
  if (formOf(names) === 'ready') return { form: 'ready', ...(await inspectReady(source, repository, signal)) }
  const found = await inspectCheckpoint(source, repository, signal, depth)
  return { form: 'checkpoint', found, config: await configOf(source, names, signal) }
}

const maximumBytes = 4 * 2 ** 20

async function configOf(source: ModelSource, names: readonly string[], signal: AbortSignal): Promise<Fields | null> {
  if (!names.includes(configFile)) return null
  try {
    return configFields(parseJson(await readBounded(source, configFile, maximumBytes, signal), configFile))
  } catch (error) {
    if (error instanceof CompileError) return null
    throw error
  }
}
