// Installs a choice, or says what became of it: in the queue, installed, refused.
import { Check, Download, MessageSquare } from 'lucide-react'
import { useStore } from 'zustand'
import type { DownloadChoice } from '../../../shared/catalog/downloads.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import { requestFor, sourceKey } from '../../state/catalogue.ts'
import { installedOf } from '../../state/catalogueFilters.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { Failure } from './Failure.tsx'

export interface InstallButtonProps {
  readonly variant: CatalogVariant
  readonly choice: Pick<DownloadChoice, 'kind' | 'repository' | 'format'>
  /** null: what the compiler usually takes. */
  readonly contextTokens: number | null
  /** Why not, in a sentence. */
  readonly obstacle: string | null
}

export function InstallButton({ variant, choice, contextTokens, obstacle }: InstallButtonProps) {
  const { installs, install, surroundings, showDownloads, openModel } = useCatalogue()
  const { installed, records, jobs, keepCheckpoints } = useStore(surroundings)
  const state = useStore(installs, (all) => all[sourceKey({ kind: choice.kind, repository: choice.repository })])
  const [model] = installedOf(variant, installed, records)
  const job = jobs.find(({ id, kind, title, state: now }) => {
    const isThis = state?.kind === 'queued' ? id === state.jobId : title === choice.repository
    return kind === 'install' && isThis && now !== 'done'
  })
  const name = variant.repository.split('/')[1] ?? variant.id
  if (model !== undefined)
    return (
      <p className="install">
        <span className="installed">
          <Check aria-hidden="true" /> {t('models.install.installed')}
        </span>
        <Button
          label={t('models.install.open')}
          spokenLabel={t('models.install.openSpoken', { name })}
          icon={<MessageSquare aria-hidden="true" />}
          onPress={() => openModel(model.key)}
        />
      </p>
    )
  if (job !== undefined || state?.kind === 'queued')
    return (
      <p className="install" role="status">
        <span>{t(`models.install.states.${job?.state ?? 'waiting'}`)}</span>
        <Button
          label={t('models.install.downloads')}
          spokenLabel={t('models.install.downloadsSpoken', { name })}
          onPress={showDownloads}
        />
      </p>
    )
  return (
    <div className="install">
      <Button
        kind="primary"
        label={t('models.install.install')}
        spokenLabel={t('models.install.installSpoken', { name })}
        icon={<Download aria-hidden="true" />}
        disabled={obstacle !== null || state?.kind === 'asking'}
        onPress={() => void install(requestFor(choice, contextTokens, keepCheckpoints))}
      />
      {obstacle === null ? null : <p className="soft">{obstacle}</p>}
      {state?.kind === 'failed' ? <Failure error={state.error} again={null} /> : null}
    </div>
  )
}
