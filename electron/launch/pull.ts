// `hearth pull`: one job of the queue, watched to its end. A job of an earlier run that was stopped or failed goes on where it was.
import type { Job } from '../../shared/jobs.ts'
import { formatBytes } from '../../shared/units.ts'
import type { Models } from '../services/models.ts'
import { createJobDisplay } from './jobProgress.ts'
import type { PullOptions } from './modelArguments.ts'
import type { Terminal } from './terminal.ts'

export type PullModels = Pick<Models, 'inspect' | 'jobs' | 'records'>

/** Resolves to 0. Rejects with the job's problem; when stopped, the job stays in the queue, paused. */
export async function pull(
  models: PullModels,
  options: PullOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const id = (await resumed(models, options.repository)) ?? (await started(models, options, signal))
  const display = createJobDisplay(terminal, options.json)
  const done = await watched(models, id, signal, display.report).finally(display.end)
  const record = (await models.records()).find(({ key }) => key === done.modelKey)
  if (!options.json) terminal.say(`${done.title} is installed${record ? `: ${formatBytes(record.sizeBytes)}` : ''}`)
  return 0
}

/** An unfinished job of the same name. */
async function resumed({ jobs }: PullModels, repository: string): Promise<string | null> {
  const open = jobs.list().find(({ kind, title, state }) => {
    return kind === 'install' && state !== 'done' && title.toLowerCase() === repository.trim().toLowerCase()
  })
  if (open === undefined) return null
  await jobs.resume(open.id)
  return open.id
}

async function started(models: PullModels, options: PullOptions, signal: AbortSignal): Promise<string> {
  const { repository, format, quantization, contextTokens, keepCheckpoint } = options
  const { form, subject } = await models.inspect({ kind: 'repository', repository }, signal)
  // With the commit that was looked at: what was said of it stays true however its branches move.
  const pinned = subject.kind === 'repository' ? repositoryAt(repository, subject.repository) : repository
  const source = { kind: form === 'ready' ? ('ready' as const) : ('checkpoint' as const), repository: pinned }
  return await models.jobs.install({ source, format, quantization, contextTokens, keepCheckpoint })
}

/** As the person wrote it where that names a revision, else as the Hub spells it. */
function repositoryAt(asked: string, named: string): string {
  return asked.includes('://') ? asked : named
}

async function watched(
  { jobs }: PullModels,
  id: string,
  signal: AbortSignal,
  report: (job: Job) => void,
): Promise<Job> {
  const watching = new AbortController()
  jobs.watch((list) => {
    const job = list.find((other) => other.id === id)
    if (job !== undefined) report(job)
  }, watching.signal)
  try {
    return await jobs.finished(id, signal)
  } catch (error) {
    if (signal.aborted) await jobs.pause(id)
    throw error
  } finally {
    watching.abort()
  }
}
