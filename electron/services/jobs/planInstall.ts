// What an installation will fetch and make, found out before anything large moves: a few small files and the headers of the large ones are read for it.
import { chatConfigFile } from '../../../shared/compiler/chatConfig.ts'
import type { ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { openReady } from '../../../shared/compiler/ready/makeReady.ts'
import { tensorCacheFiles } from '../../../shared/compiler/ready/tensorCache.ts'
import { inspectCheckpoint } from '../../../shared/inspect/inspect.ts'
import type { Hub } from '../hub/hub.ts'
import { ServiceError } from '../serviceError.ts'
import { chooseFiles } from './chooseFiles.ts'
import { remoteSource } from './remoteSource.ts'
import type { InstallPlan } from './rows.ts'

export type ModelForm = 'checkpoint' | 'ready'

/** Of a folder or a repository, by the names of its files. */
export function formOf(names: readonly string[]): ModelForm {
  return names.includes(chatConfigFile) && tensorCacheFiles.some((name) => names.includes(name))
    ? 'ready'
    : 'checkpoint'
}

/** Rejects with ServiceError does-not-compile or CompileError where no model can be made from it, with HubError where the Hub refuses. */
export async function planInstall(
  form: ModelForm,
  repository: string,
  format: WeightFormat,
  hub: Hub,
  signal: AbortSignal,
): Promise<InstallPlan> {
  const { id, commit } = await hub.pin(repository, signal)
  const files = await hub.listFiles({ id, commit }, signal)
  const { weights, modelBytes } = await lookAt(form, remoteSource(hub, { id, commit, files }), id, format, signal)
  return { id, commit, files: [...chooseFiles(files, weights)], modelBytes }
}

export interface Looked {
  /** Files that are read for weights, in the order in which they are needed. */
  readonly weights: readonly string[]
  /** What is written beside them, about. */
  readonly modelBytes: number
}

/** Three libraries, tokenizer and small files. */
const libraryBytes = 32 * 2 ** 20

export async function lookAt(
  form: ModelForm,
  source: ModelSource,
  repository: string,
  format: WeightFormat,
  signal: AbortSignal,
): Promise<Looked> {
  if (form === 'ready') {
    const { cacheFile, shards } = await openReady(source, signal)
    return { weights: [chatConfigFile, cacheFile, ...shards.map(({ file }) => file)], modelBytes: libraryBytes }
  }
  const found = await inspectCheckpoint(source, repository, signal)
  if (found.obstacle !== null)
    throw new ServiceError({ code: 'does-not-compile', file: repository, detail: found.obstacle })
  const weightBytes = found.sizes.find((size) => size.format === format)?.sizeBytes ?? 0
  return { weights: found.weightFiles.map(({ name }) => name), modelBytes: weightBytes + libraryBytes }
}
