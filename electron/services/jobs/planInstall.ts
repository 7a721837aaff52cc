// What an installation will fetch and make, found out before anything large moves: a few small files and the headers of the large ones are read for it.
import type { ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { filesToFetch } from '../../../shared/inspect/filesToFetch.ts'
import { type Inspection, inspectCheckpoint } from '../../../shared/inspect/inspect.ts'
import { inspectReady } from '../../../shared/inspect/inspectReady.ts'
import type { Hub } from '../hub/hub.ts'
import { remoteSource } from '../inspect/remoteSource.ts'
import { ServiceError } from '../serviceError.ts'
import type { InstallPlan } from './rows.ts'

/** checkpoint: compiled here. ready: weights in MLC's form, of which only the library is made here. */
export type ModelForm = 'checkpoint' | 'ready'

/** Rejects with ServiceError does-not-compile where no model can be made from it, with HubError where the Hub refuses. */
export async function planInstall(
  form: ModelForm,
  repository: string,
  format: WeightFormat,
  hub: Hub,
  signal: AbortSignal,
): Promise<InstallPlan> {
  const { id, commit } = await hub.pin(repository, signal)
  const files = await hub.listFiles({ id, commit }, signal)
  const found = await lookAt(form, remoteSource(hub, { id, commit, files }), id, 'outline', signal)
  const wanted = filesToFetch(files, form, found.weightFiles)
  return { id, commit, files: [...wanted], modelBytes: modelBytes(form, found, format) }
}

/** Throws ServiceError does-not-compile. */
export async function lookAt(
  form: ModelForm,
  source: ModelSource,
  repository: string,
  depth: 'whole' | 'outline',
  signal: AbortSignal,
): Promise<Inspection> {
  const found =
    form === 'ready'
      ? (await inspectReady(source, repository, signal)).found
      : await inspectCheckpoint(source, repository, signal, depth)
  if (found.obstacle === null) return found
  throw new ServiceError({ code: 'does-not-compile', file: repository, detail: found.obstacle })
}

/** Three libraries, tokenizer and small files. */
const libraryBytes = 32 * 2 ** 20

/** What is written beside the files that are fetched or used where they lie, about. */
export function modelBytes(form: ModelForm, { sizes }: Inspection, format: WeightFormat): number {
  const weightBytes = sizes.find((size) => size.format === format)?.sizeBytes ?? 0
  return form === 'ready' ? libraryBytes : weightBytes + libraryBytes
}
