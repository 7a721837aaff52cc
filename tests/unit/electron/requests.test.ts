import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHandlers, type Services } from '../../../electron/ipc/handlers.ts'
import { type Port, RequestError, serve } from '../../../electron/ipc/serve.ts'
import { exitCodeOf, modeOf, reportLine, reportPrefix, runSwitch } from '../../../electron/runMode.ts'
import {
  type Channel,
  type Handlers,
  type Reply,
  type RunReport,
  requests,
  runReport,
  runRequest,
} from '../../../shared/ipc.ts'

const startup = { version: '0', platform: 'test', run: null }

/** Serves handlers without a window and asks them. */
function ask(handlers: Handlers, thrown: unknown[] = []) {
  const answers = new Map<Channel, Parameters<Port['handle']>[1]>()
  const port: Port = { handle: (channel, answer) => void answers.set(channel as Channel, answer) }
  serve(port, requests, handlers, (_channel, error) => thrown.push(error))
  expect([...answers.keys()]).toEqual(Object.keys(requests))
  return (channel: Channel, input?: unknown): Promise<Reply<unknown>> => {
    const answer = answers.get(channel)
    if (answer === undefined) throw new Error(`nobody serves ${channel}`)
    return answer(input, new AbortController().signal)
  }
}

/** Services that answer whatever they are asked: what is tested is what stands in front of them. */
const answered = async () => 'anything' as never
const others: Omit<Services, 'startup' | 'library' | 'report'> = {
  models: { call: answered },
  chats: { call: answered },
  settings: { read: answered, write: answered, setToken: answered },
  hardware: { read: answered, keep: answered },
  files: { chooseFolder: answered, chooseChats: answered, save: answered, reveal: () => {} },
  page: { speak: () => {}, print: answered, openLink: answered },
}
const quiet = createHandlers({ startup, library: { list: async () => [] }, report: null, ...others })

test('every request has a handler that answers its own kind of input', async () => {
  const reports: RunReport[] = []
  const asked = ask(
    createHandlers({ startup, library: { list: async () => [] }, report: (report) => reports.push(report), ...others }),
  )
  expect(await asked('app.startup')).toEqual({ ok: true, value: startup })
  expect(await asked('models.list')).toEqual({ ok: true, value: [] })
  expect(await asked('run.report', { kind: 'text', text: 'a' })).toEqual({ ok: true, value: null })
  expect(reports).toEqual([{ kind: 'text', text: 'a' }])
})

test('an expected refusal crosses with its message, a bug crosses as nothing but its channel', async () => {
  const thrown: unknown[] = []
  const bug = new Error('/home/someone/secret.txt at main.js:1:2')
  const asked = ask(
    {
      ...quiet,
      'models.list': () => Promise.reject(bug),
      'app.startup': () => Promise.reject(new RequestError({ code: 'not-allowed', message: 'none here' })),
    },
    thrown,
  )
  expect(await asked('models.list')).toEqual({
    ok: false,
    error: { code: 'internal', message: 'models.list failed inside Hearth' },
  })
  expect(await asked('app.startup')).toEqual({ ok: false, error: { code: 'not-allowed', message: 'none here' } })
  expect(thrown).toEqual([bug])
})

test('whatever comes in, a reply comes out and only decoded input reaches a handler', async () => {
  const reports: RunReport[] = []
  const thrown: unknown[] = []
  const asked = ask(
    createHandlers({ startup, library: { list: async () => [] }, report: (report) => reports.push(report), ...others }),
    thrown,
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...(Object.keys(requests) as Channel[])),
      fc.anything({ withDate: true, withMap: true, withTypedArray: true, withBigInt: true, withNullPrototype: true }),
      async (channel, input) => {
        const before = reports.length
        const reply = await asked(channel, input)
        const decoded = requests[channel].input.safeParse(input).success
        return (
          reply.ok === decoded &&
          reports.length - before === (decoded && channel === 'run.report' ? 1 : 0) &&
          reports.every((report) => runReport.safeParse(report).success)
        )
      },
    ),
    { numRuns: 3000 },
  )
  expect(thrown).toEqual([])
})

const request = { modelId: 'a/b', prompt: 'Es war einmal … 🏰', maxTokens: 3, temperature: 0, topP: 1, seed: 7 }
const argument = (value: unknown) => `${runSwitch}${Buffer.from(JSON.stringify(value)).toString('base64url')}`

test('a run request survives the command line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (prompt) => {
      // A lone surrogate cannot be written as UTF-8.
      fc.pre(prompt.isWellFormed())
      const mode = modeOf(['electron', '.', argument({ ...request, prompt })])
      return mode.kind === 'run' && mode.request.prompt === prompt
    }),
  )
  expect(modeOf(['electron', '.', argument(request)])).toEqual({ kind: 'run', request })
  expect(modeOf(['electron', '.', '--other'])).toEqual({ kind: 'window' })
})

test.each([
  runSwitch,
  `${runSwitch}%`,
  `${runSwitch}bm90IGpzb24`,
  argument(null),
  argument([]),
  argument({}),
  argument({ ...request, extra: 1 }),
  argument({ ...request, temperature: -1 }),
  argument({ ...request, maxTokens: 1.5 }),
])('a malformed run request is refused: %s', (given) => {
  expect(modeOf(['electron', '.', given])).toEqual({
    kind: 'refused',
    message: expect.stringMatching(/^run request: /),
  })
})

test('each report is one line that decodes to itself, and only the last one ends the app', () => {
  const stats = { promptTokens: 1, completionTokens: 2, timeToFirstTokenMs: 3, decodeTokensPerSecond: 4 }
  const reports: readonly (readonly [RunReport, number | null])[] = [
    [{ kind: 'text', text: 'a\nb\u2028\u001e' }, null],
    [{ kind: 'notice', text: '' }, null],
    [{ kind: 'done', stats }, 0],
    [{ kind: 'failed', message: 'no' }, 1],
  ]
  for (const [report, code] of reports) {
    const line = reportLine(report)
    expect(line.split('\n')).toHaveLength(2)
    expect(JSON.parse(line.slice(reportPrefix.length))).toEqual(report)
    expect(exitCodeOf(report)).toBe(code)
  }
  expect(runRequest.safeParse(request).success).toBe(true)
})
