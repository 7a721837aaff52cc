// One installed model: what it is, what it takes, whether its bytes are right, how it ran against what was predicted, and what can be done with it.
import { FolderOpen, MessageSquare, ShieldCheck, Trash2, TriangleAlert, Wrench } from 'lucide-react'
import { useStore } from 'zustand'
import { modelCommands } from '../../commands/modelCommands.ts'
import type { ModelActivity, ModelOnDisk } from '../../state/records.ts'
import { Chip } from '../../ui/Chip.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { factText } from '../../words/facts.ts'
import { bytesText, parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { progressWords, stateWords } from '../downloads/jobWords.ts'
import { useItemActions } from '../ItemButtons.tsx'
import { useManagement } from '../manage.ts'
import { RequestProblem } from '../RequestProblem.tsx'
import { Prediction } from './Prediction.tsx'
import { originText, sizeText, whenText } from './recordWords.ts'

const itemCommands = Object.values(modelCommands)

export function ModelCard({ item }: { readonly item: ModelOnDisk }) {
  const { models } = useApp()
  const { records } = useManagement()
  const { model, record } = item
  const { manifest, key } = model
  const isInUse = useValue(models, ({ selected }) => selected?.key === key)
  const activity = useStore(records.store, ({ activities }) => activities[key])
  const { onKeyDown, button, question } = useItemActions(itemCommands, item, manifest.title)
  return (
    <li className="card" onKeyDown={onKeyDown} aria-label={manifest.title}>
      <div className="card-head">
        <h2 className="card-title">{manifest.title}</h2>
        <div className="chips">
          {isInUse ? <Chip kind="good">{t('installed.inUse')}</Chip> : null}
          <Chip>{manifest.variant}</Chip>
          <Chip>{parametersText(manifest.parameters)}</Chip>
          <Chip>{manifest.weightFormat}</Chip>
        </div>
      </div>
      <FactList
        facts={[
          [t('installed.facts.kind'), t(`installed.kinds.${manifest.variant}`)],
          [t('installed.facts.family'), manifest.family],
          [t('installed.facts.licence'), factText(manifest.licence)],
          ...(record === null
            ? []
            : ([
                [t('installed.facts.size'), sizeText(record)],
                [t('installed.facts.place'), t(`installed.places.${record.place}`)],
                [t('installed.facts.origin'), originText(record, manifest.provenance)],
                [t('installed.facts.used'), whenText(record.lastUsedAtMs)],
                [t('installed.facts.verified'), whenText(record.lastVerifiedAtMs)],
              ] as const)),
        ]}
      />
      <Prediction item={item} />
      {record === null || record.damage.length === 0 ? null : (
        <Notice kind="problem" icon={<TriangleAlert />} title={t('installed.damaged')}>
          <p>
            {t('installed.damagedText', {
              count: record.damage.length,
              files: record.damage.map(({ file }) => file).join(', '),
            })}
          </p>
        </Notice>
      )}
      <Activity activity={activity} />
      <div className="job-tools">
        {button(modelCommands.use, { icon: <MessageSquare aria-hidden="true" /> })}
        {button(modelCommands.verify, { icon: <ShieldCheck aria-hidden="true" /> })}
        {record !== null && record.damage.length > 0
          ? button(modelCommands.repair, { icon: <Wrench aria-hidden="true" /> })
          : null}
        {button(modelCommands.reveal, { icon: <FolderOpen aria-hidden="true" /> })}
        {model.bundled ? null : button(modelCommands.remove, { icon: <Trash2 aria-hidden="true" /> })}
      </div>
      {question}
    </li>
  )
}

function Activity({ activity }: { readonly activity: ModelActivity | undefined }) {
  const { jobs } = useManagement()
  const jobId = activity?.kind === 'job' ? activity.jobId : null
  const job = useStore(jobs.store, (state) => state.jobs.find(({ id }) => id === jobId))
  if (activity === undefined) return null
  if (activity.kind === 'failed') return <RequestProblem error={activity.error} />
  if (activity.kind === 'asking') return <p className="soft">{t(`installed.asking.${activity.action}`)}</p>
  if (job === undefined) return null
  const amount = progressWords(job)
  return (
    <p className="soft">
      {job.state === 'failed' ? t('installed.seeDownloads', { state: stateWords(job) }) : stateWords(job)}
      {amount === '' || job.state === 'done' ? '' : ` · ${amount}`}
      {job.totalBytes !== null && job.totalBytes > 0 && job.state === 'done' ? ` ${bytesText(job.totalBytes)}` : ''}
    </p>
  )
}
