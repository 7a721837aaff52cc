// What a repository or a folder is, before anything large is read: pinned, listed, its small files read and the headers of its weights.
import { variantOfRepository } from '../../../shared/catalog/catalog.ts'
import { filesToFetch } from '../../../shared/inspect/filesToFetch.ts'
import { inspectSource } from '../../../shared/inspect/inspectSource.ts'
import type { InspectionReport } from '../../../shared/inspect/report.ts'
import { openFolder } from '../files.ts'
import type { Hub } from '../hub/hub.ts'
import { remoteSource } from './remoteSource.ts'

/** Rejects with HubError, or with the signal's reason. Nothing of it stays on the disk. */
export async function inspectRepository(hub: Hub, repository: string, signal: AbortSignal): Promise<InspectionReport> {
  const { id, commit, isGated } = await hub.pin(repository, signal)
  const files = await hub.listFiles({ id, commit }, signal)
  const inspected = await inspectSource(remoteSource(hub, { id, commit, files }), id, signal, 'outline')
  const wanted = filesToFetch(files, inspected.form, inspected.found.weightFiles)
  return {
    subject: { kind: 'repository', repository: id, commit, isGated },
    ...inspected,
    downloadBytes: sum(wanted),
    catalogVariant: catalogued(id),
  }
}

/** A folder of this computer. Rejects with CompileError where it cannot be read at all. */
export async function inspectFolder(
  { path, token, name }: { readonly path: string; readonly token: string; readonly name: string },
  signal: AbortSignal,
): Promise<InspectionReport> {
  await using source = await openFolder(path)
  const inspected = await inspectSource(source, name, signal)
  const listing = await Promise.all(
    (await source.names()).map(async (file) => ({ name: file, sizeBytes: (await source.open(file)).sizeBytes })),
  )
  return {
    subject: { kind: 'folder', token, name },
    ...inspected,
    downloadBytes: sum(filesToFetch(listing, inspected.form, inspected.found.weightFiles)),
    catalogVariant: catalogued(name),
  }
}

function catalogued(repository: string): InspectionReport['catalogVariant'] {
  const variant = variantOfRepository(repository)
  return variant === undefined ? null : { id: variant.id, kind: variant.kind }
}

function sum(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
}
