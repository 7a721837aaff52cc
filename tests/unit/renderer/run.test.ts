import { expect, test } from 'vitest'
import { type Bridge, client, RequestFailed } from '../../../renderer/ipc.ts'
import { runOnce, runUnseen } from '../../../renderer/run.ts'
import { type RunReport, type RunRequest, runReport } from '../../../shared/ipc.ts'
import { fakeBridge } from '../../support/fakeBridge.ts'
import { family } from '../../support/models.ts'
import { type StoryOptions, storyEngine } from '../../support/storyEngine.ts'

const request: RunRequest = {
  modelId: 'hearth/tinystories-15m-base',
  prompt: 'Once upon a time',
  maxTokens: 8,
  temperature: 0,
  topP: 1,
  seed: 1,
}

async function reportsOf(asked: RunRequest, options: Partial<StoryOptions> = {}) {
  const reports: RunReport[] = []
  const call = client(fakeBridge(asked, reports))
  const engine = storyEngine({ words: [',', ' there'], ...options })
  await runOnce(asked, { engine, models: family, report: (report) => call('run.report', report) })
  return { reports, engine }
}

test('a run without a screen reports the adapter, the text as it comes and the figures', async () => {
  const { reports } = await reportsOf(request)
  expect(reports).toEqual([
    {
      kind: 'notice',
      text: 'no graphics adapter: the model runs on the processor (google swiftshader), which is slower',
    },
    { kind: 'text', text: ',' },
    { kind: 'text', text: ' there' },
    {
      kind: 'done',
      stats: { promptTokens: 5, completionTokens: 2, timeToFirstTokenMs: 120, decodeTokensPerSecond: 38.24 },
    },
  ])
})

test('a base model gets the prompt as text, the others as one user turn', async () => {
  const base = await reportsOf(request)
  const chat = await reportsOf({ ...request, modelId: 'hearth/tinystories-15m-chat' })
  expect([base, chat].map(({ engine }) => engine.requests[0])).toEqual([
    {
      prompt: { kind: 'completion', text: 'Once upon a time' },
      sampling: { temperature: 0, topP: 1, maxTokens: 8, seed: 1 },
    },
    {
      prompt: { kind: 'turns', turns: [{ role: 'user', text: 'Once upon a time' }] },
      sampling: { temperature: 0, topP: 1, maxTokens: 8, seed: 1 },
    },
  ])
})

test('an unknown model and a failed load are one line each', async () => {
  const unknown = await reportsOf({ ...request, modelId: 'a/b' })
  expect(unknown.reports).toEqual([
    {
      kind: 'failed',
      message:
        'no model a/b; installed: hearth/tinystories-15m-base, hearth/tinystories-15m-instruct, hearth/tinystories-15m-chat',
    },
  ])
  const failing = await reportsOf(request, {
    loading: async () => {
      throw new Error('weights.bin: the store answered 404')
    },
  })
  expect(failing.reports.at(-1)).toEqual({
    kind: 'failed',
    message: 'The model stopped with an error: weights.bin: the store answered 404',
  })
})

async function unseenReports(
  bridge: Partial<Bridge>,
  options: Partial<StoryOptions> = {},
  uncaught = new EventTarget(),
) {
  const reports: RunReport[] = []
  const call = client({ ...fakeBridge(request, reports), ...bridge })
  await runUnseen(request, { engine: storyEngine({ words: [','], ...options }), call, uncaught })
  return reports
}

test('a list of models that cannot be read ends the command, and so does an error that nobody caught', async () => {
  const unlisted = await unseenReports({
    'models.list': async () => ({ ok: false, error: { code: 'internal', message: 'the list broke' } }),
  })
  expect(unlisted).toEqual([{ kind: 'failed', message: 'the list broke' }])
  const uncaught = new EventTarget()
  const [first] = await unseenReports(
    {},
    {
      loading: async () => {
        uncaught.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: new Error('nobody’s') }))
      },
    },
    uncaught,
  ).then((reports) => reports.filter(({ kind }) => kind === 'failed'))
  expect(first).toEqual({ kind: 'failed', message: 'nobody’s' })
})

test('a report that main refuses ends the command with the reason', async () => {
  const reports: RunReport[] = []
  await unseenReports({
    'run.report': async (report) => {
      if (report.kind === 'text') return { ok: false, error: { code: 'invalid-input', message: 'no such report' } }
      reports.push(report)
      return { ok: true, value: null }
    },
  })
  expect(reports.at(-1)).toEqual({ kind: 'failed', message: 'The model stopped with an error: no such report' })
})

test('the words of a failure are never longer than a report may be', async () => {
  const reports = await unseenReports(
    {},
    {
      loading: async () => {
        throw new Error('x'.repeat(50_000))
      },
    },
  )
  expect(reports.map((report) => runReport.safeParse(report).success)).not.toContain(false)
  expect(reports.at(-1)?.kind).toBe('failed')
})

test('a refused request throws with its code', async () => {
  const call = client({
    ...fakeBridge(),
    'models.list': async () => ({ ok: false, error: { code: 'not-allowed', message: 'no' } }),
  })
  await expect(call('models.list', undefined)).rejects.toEqual(
    new RequestFailed({ code: 'not-allowed', message: 'no' }),
  )
})
