// One installed model: what it is, what it takes, whether its bytes are right, how it ran against what was predicted, and what can be done with it.
import { FolderOpen, MessageSquare, ShieldCheck, Trash2, TriangleAlert, Wrench } from 'lucide-react'
import { useStore } from 'zustand'
import { formatBytes, formatCount, formatParameters } from '../../../shared/units.ts'
import { modelCommands } from '../../commands/modelCommands.ts'
import type { ModelActivity, ModelOnDisk } from '../../state/records.ts'
import { Chip } from '../../ui/Chip.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useApp, useValue } from '../app.ts'
import { progressWords, stateWords } from '../downloads/jobWords.ts'
import { useItemActions } from '../ItemButtons.tsx'
import { useManagement } from '../manage.ts'
import { RequestProblem } from '../RequestProblem.tsx'
import { Prediction } from './Prediction.tsx'
import { dateText, kindWords, originText, placeText, sizeText } from './recordWords.ts'

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
          {isInUse ? <Chip kind="good">in use</Chip> : null}
          <Chip>{manifest.variant}</Chip>
          <Chip>{formatParameters(manifest.parameters)}</Chip>
          <Chip>{manifest.weightFormat}</Chip>
        </div>
      </div>
      <FactList
        facts={[
          ['Kind', kindWords[manifest.variant]],
          ['Family', manifest.family],
          ['Licence', manifest.licence],
          ...(record === null
            ? []
            : ([
                ['On the disk', sizeText(record)],
                ['Where', placeText(record)],
                ['From', originText(record, manifest.provenance)],
                ['Last used', dateText(record.lastUsedAtMs)],
                ['Last verified', dateText(record.lastVerifiedAtMs)],
              ] as const)),
        ]}
      />
      <Prediction item={item} />
      {record === null || record.damage.length === 0 ? null : (
        <Notice kind="problem" icon={<TriangleAlert />} title="Its files are damaged">
          <p>
            {formatCount(record.damage.length, 'file')} not as they were installed:{' '}
            {record.damage.map(({ file }) => file).join(', ')}. Repairing fetches or makes just these again.
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

const askingWords = {
  verify: 'Asking for a check …',
  repair: 'Asking for a repair …',
  reveal: 'Opening the folder …',
  remove: 'Deleting …',
} as const

function Activity({ activity }: { readonly activity: ModelActivity | undefined }) {
  const { jobs } = useManagement()
  const jobId = activity?.kind === 'job' ? activity.jobId : null
  const job = useStore(jobs.store, (state) => state.jobs.find(({ id }) => id === jobId))
  if (activity === undefined) return null
  if (activity.kind === 'failed') return <RequestProblem error={activity.error} />
  if (activity.kind === 'asking') return <p className="soft">{askingWords[activity.action]}</p>
  if (job === undefined) return null
  const amount = progressWords(job)
  return (
    <p className="soft">
      {stateWords(job)}
      {amount === '' || job.state === 'done' ? '' : ` · ${amount}`}
      {job.state === 'failed' ? ': see Downloads' : ''}
      {job.totalBytes !== null && job.totalBytes > 0 && job.state === 'done' ? ` ${formatBytes(job.totalBytes)}` : ''}
    </p>
  )
}
