// `hearth run`: the same page, engine and models, without a screen. Everything it has to say goes to the command line as reports.
import type { RunReport, RunRequest } from '../shared/ipc.ts'
import type { InstalledModel } from '../shared/model.ts'
import type { Engine } from './inference/engine.ts'
import { problemOf } from './inference/inferenceError.ts'
import type { Prompt } from './inference/protocol.ts'
import type { Call } from './ipc.ts'
import { problemText } from './views/problems/problemText.ts'

export interface UnseenParts {
  readonly engine: Engine
  readonly call: Call
  /** The window: where errors arrive that nobody caught. */
  readonly uncaught: EventTarget
}

/** Lists the models and runs one request. Nobody sees this page: any error, caught or not, ends the command with a `failed` report. */
export async function runUnseen(request: RunRequest, { engine, call, uncaught }: UnseenParts): Promise<void> {
  const fail = (error: unknown) => call('run.report', failed(error instanceof Error ? error.message : String(error)))
  // A refused report must not become the next error that nobody caught.
  const failUncaught = (error: unknown) => void fail(error).catch((refusal) => console.error(refusal))
  uncaught.addEventListener('unhandledrejection', (event) => failUncaught((event as PromiseRejectionEvent).reason))
  uncaught.addEventListener('error', (event) => failUncaught((event as ErrorEvent).message))
  try {
    const models = await call('models.list', undefined)
    await runOnce(request, { engine, models, report: (report) => call('run.report', report) })
  } catch (error) {
    await fail(error)
  }
}

/** No longer than a report may be. */
function failed(message: string): RunReport {
  return { kind: 'failed', message: message.slice(0, 10_000) }
}

export interface RunParts {
  readonly engine: Engine
  readonly models: readonly InstalledModel[]
  readonly report: (report: RunReport) => Promise<unknown>
}

/** Runs one request to its end; the last report is `done` or `failed`. */
export async function runOnce(request: RunRequest, { engine, models, report }: RunParts): Promise<void> {
  const { signal } = new AbortController()
  try {
    const model = models.find(({ manifest }) => manifest.id === request.modelId)
    if (model === undefined) {
      const known = models.map(({ manifest }) => manifest.id).join(', ') || 'none'
      return void (await report(failed(`no model ${request.modelId}; installed: ${known}`)))
    }
    const notices: Promise<unknown>[] = []
    await engine.load(
      model,
      {
        adapter: ({ software, name }) => {
          const text = `no graphics adapter: the model runs on the processor (${name}), which is slower`
          if (software) notices.push(report({ kind: 'notice', text }))
        },
        progress: () => {},
        lost: () => {},
      },
      signal,
    )
    await Promise.all(notices)
    const { temperature, topP, maxTokens, seed } = request
    for await (const event of engine.generate(
      promptOf(model, request),
      { temperature, topP, maxTokens, seed },
      signal,
    )) {
      if (event.kind === 'delta') await report({ kind: 'text', text: event.text })
      else if (event.kind === 'done') await report({ kind: 'done', stats: event.stats })
      else if (event.omitted.characters > 0) {
        const text = `the prompt is longer than the model reads: its first ${event.omitted.characters} characters were left out`
        await report({ kind: 'notice', text })
      }
    }
  } catch (error) {
    const { title, detail } = problemText(problemOf(error, 'write-failed'))
    await report(failed(detail === '' ? title : `${title}: ${detail}`))
  } finally {
    engine.dispose()
  }
}

function promptOf({ manifest }: InstalledModel, { prompt }: RunRequest): Prompt {
  if (manifest.prompt.kind === 'completion') return { kind: 'completion', text: prompt }
  return { kind: 'turns', turns: [{ role: 'user', text: prompt }] }
}
