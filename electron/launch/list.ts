// `hearth list`: one line per model, or JSON.
import type { InstalledModel } from '../../shared/model.ts'
import { table } from './table.ts'

/** Lines for people: id, variant, weight format, size on disk, where it is from. */
export function modelTable(models: readonly InstalledModel[]): string {
  if (models.length === 0) return 'No models yet.\n'
  const rows = models.map(({ manifest, bundled }) => [
    manifest.id,
    manifest.variant,
    manifest.weightFormat,
    `${(sizeBytes(manifest.files) / 1_000_000).toFixed(1)} MB`,
    bundled ? 'bundled' : 'installed',
  ])
  return table(rows)
}

/** The same for programs. */
export function modelJson(models: readonly InstalledModel[]): string {
  const entries = models.map(({ key, bundled, manifest }) => ({
    id: manifest.id,
    title: manifest.title,
    variant: manifest.variant,
    weightFormat: manifest.weightFormat,
    sizeBytes: sizeBytes(manifest.files),
    bundled,
    key,
  }))
  return `${JSON.stringify(entries, null, 2)}\n`
}

function sizeBytes(files: InstalledModel['manifest']['files']): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0)
}
