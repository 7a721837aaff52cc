// `hearth run`: starts the app with a request instead of a window, and prints what it reports.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type GenerationStats, type RunRequest, runRequest } from '../../shared/ipc.ts'
import { runSwitch } from '../runMode.ts'
import { type RunOptions, UsageError } from './arguments.ts'
import { buildWhenStale } from './build.ts'
import { chooseModel, listModels } from './models.ts'
import { readReports } from './reports.ts'
import { prepareRuntime } from './runtime.ts'
import { LaunchError, rootFolder } from './subprocess.ts'
import type { Terminal } from './terminal.ts'

/** Linux takes 128 KiB per argument, Windows 32,767 characters in all. */
const maximumArgumentLength = process.platform === 'win32' ? 24_000 : 120_000
const keptErrorCharacters = 4000

/** Runs one request; resolves to the exit code: 0 done, 1 failed. Aborting the signal ends it. */
export async function run(options: RunOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const model = chooseModel(await listModels(), options.modelId)
  const request: RunRequest = {
    modelId: model.manifest.id,
    prompt: options.prompt === '-' ? await readPrompt(process.stdin) : options.prompt,
    maxTokens: options.maxTokens,
    temperature: options.temperature ?? model.manifest.defaults.temperature,
    topP: options.topP ?? model.manifest.defaults.topP,
    seed: options.seed ?? randomInt(2 ** 31 - 1),
  }
  const argument = requestArgument(request)
  await buildWhenStale(terminal.say)
  const runtime = await prepareRuntime({ say: terminal.say })
  try {
    signal.throwIfAborted()
    const app = spawn(runtime.executable, [...runtime.flags, rootFolder, argument], {
      env: runtime.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is ours to pass on: the terminal would also send it to Chromium's helper processes.
      detached: process.platform !== 'win32',
    })
    return await printReports(app, app.stdout, app.stderr, options.stats ? request : null, terminal, signal)
  } finally {
    await runtime.dispose()
  }
}

/** Prints reports until the app ends; resolves to the exit code. `statsFor` is the request to print figures for, or null. */
export async function printReports(
  app: ChildProcess,
  output: Readable,
  errors: Readable,
  statsFor: RunRequest | null,
  { write, say }: Pick<Terminal, 'write' | 'say'>,
  signal: AbortSignal,
): Promise<number> {
  let lastErrors = ''
  errors.on('data', (chunk: Buffer) => {
    lastErrors = (lastErrors + chunk.toString()).slice(-keptErrorCharacters)
  })
  const ended = new Promise<string>((resolve) => {
    app.on('error', (error) => resolve(error.message))
    app.on('exit', (code, by) => resolve(by === null ? `exit code ${code}` : `signal ${by}`))
  })
  const stop = () => app.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  let result: number | null = null
  let endsLine = true
  try {
    for await (const report of readReports(output)) {
      switch (report.kind) {
        case 'text':
          endsLine = report.text.endsWith('\n')
          if (await write(report.text)) continue
          stop()
          result = 0
          break
        case 'notice':
          say(report.text)
          break
        case 'done':
          if (!endsLine) await write('\n')
          if (statsFor !== null) say(statsLine(report.stats, statsFor.seed))
          result = 0
          break
        case 'failed':
          if (!endsLine) await write('\n')
          say(report.message)
          result = 1
          break
        default:
          report satisfies never
      }
    }
    const how = await ended
    signal.throwIfAborted()
    if (result === null) throw new LaunchError(`the app ended before the text did (${how}): ${lastLine(lastErrors)}`)
    return result
  } finally {
    signal.removeEventListener('abort', stop)
    if (app.exitCode === null && app.signalCode === null) stop()
  }
}

/** The request as the switch the app understands. Throws a LaunchError when the prompt does not fit a command line. */
export function requestArgument(request: RunRequest): string {
  const checked = runRequest.safeParse(request)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw new LaunchError(`${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'invalid'}`)
  }
  const argument = `${runSwitch}${Buffer.from(JSON.stringify(request)).toString('base64url')}`
  if (argument.length <= maximumArgumentLength) return argument
  const limit = Math.floor((maximumArgumentLength * 3) / 4 / 1000)
  throw new LaunchError(`the prompt is longer than a command line holds (about ${limit} kB)`)
}

/** Figures of one run in one line. */
export function statsLine(stats: GenerationStats, seed: number): string {
  const speed = stats.decodeTokensPerSecond.toFixed(1)
  const first = Math.round(stats.timeToFirstTokenMs)
  return `${stats.promptTokens} prompt tokens, ${stats.completionTokens} tokens, ${speed} tokens/s, first after ${first} ms, seed ${seed}`
}

/** All of the input but one line feed at its end. Throws a UsageError when that leaves nothing. */
export async function readPrompt(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  // The line feed that echo and editors put at the end is not part of the text.
  const text = Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '')
  if (text === '') throw new UsageError('run: the prompt on standard input is empty')
  return text
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it said nothing'
}
