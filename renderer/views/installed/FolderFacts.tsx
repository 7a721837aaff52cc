// All models together, the disk, and the folder they lie in, with the button that moves it.
import { FolderInput } from 'lucide-react'
import { useStore } from 'zustand'
import { Button } from '../../ui/Button.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { bytesOf, bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { RequestProblem } from '../RequestProblem.tsx'

export function FolderFacts() {
  const { records, settings, hardware } = useManagement()
  const { records: known, move } = useStore(records.store)
  const folder = useStore(settings.store, ({ view }) => view?.modelsFolder ?? null)
  const disk = useStore(hardware.store, ({ report }) => report?.disk ?? null)
  const own = known.filter(({ place }) => place === 'store' || place === 'folder')
  return (
    <>
      <FactList
        facts={[
          [t('installed.modelsTake'), own.length === 0 ? t('installed.nothingYet') : bytesText(totalBytes(own))],
          [t('installed.free'), disk === null ? t('installed.notKnown') : bytesOf(disk.freeBytes, disk.totalBytes)],
          [t('installed.folder'), folder ?? t('installed.notKnown')],
        ]}
      />
      <div className="page-tools">
        <Button
          label={t('installed.move')}
          icon={<FolderInput aria-hidden="true" />}
          disabled={move.kind === 'asking'}
          onPress={() => void records.moveFolder()}
        />
        <span className="soft" role={move.kind === 'none' ? undefined : 'status'}>
          {move.kind === 'asking' ? t('installed.moveAsking') : move.kind === 'job' ? t('installed.moveJob') : ''}
        </span>
      </div>
      {move.kind === 'failed' ? <RequestProblem error={move.error} /> : null}
    </>
  )
}

/** At most what the models take together: content that they share is counted with the largest of them. */
function totalBytes(records: readonly { readonly sizeBytes: number; readonly ownBytes: number }[]): number {
  const own = records.reduce((sum, { ownBytes }) => sum + ownBytes, 0)
  const shared = Math.max(0, ...records.map(({ sizeBytes, ownBytes }) => sizeBytes - ownBytes))
  return own + shared
}
