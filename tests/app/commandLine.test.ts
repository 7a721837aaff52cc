// `hearth run` and `npm start` as a person starts them: real processes, real Electron, the bundled base model.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWhenStale } from '../../electron/launch/build.ts'
import { capture, exitCode, rootFolder } from '../../electron/launch/subprocess.ts'

const home = mkdtempSync(join(tmpdir(), 'hearth-command-'))
const launch = join(rootFolder, 'electron', 'launch')
const env = { ...process.env, HEARTH_HOME: home }
const likeliest = ['--max-tokens', '24', '--temperature', '0', '--seed', '1'] as const

beforeAll(() => buildWhenStale(console.info))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('the models that came with Hearth are listed: base, instruct and chat', async () => {
  const { code, output } = await hearth('list', '--json')
  expect(code).toBe(0)
  const models = JSON.parse(output) as readonly { readonly variant: string; readonly bundled: boolean }[]
  expect(models.filter(({ bundled }) => bundled).map(({ variant }) => variant)).toEqual(
    expect.arrayContaining(['base', 'instruct', 'chat']),
  )
})

test('hearth run continues a story on stdout, the same each time at temperature 0, and tells its figures on stderr', async () => {
  const first = await hearth('run', 'Once upon a time', ...likeliest, '--stats')
  expect({ code: first.code, text: first.output }, first.errors).toEqual({
    code: 0,
    text: expect.stringMatching(/^, there was a [\s\S]{40,}\n$/),
  })
  expect(first.errors).toMatch(/^hearth: 5 prompt tokens, 24 tokens, [\d.]+ tokens\/s, first after \d+ ms, seed 1$/m)
  for (const line of first.errors.trim().split('\n')) expect(line).toMatch(/^hearth: /)
  const piped = started('hearth.mjs', 'run', '-', ...likeliest)
  piped.stdin?.end('Once upon a time')
  expect(await textOf(piped)).toBe(first.output)
})

test('another seed draws another text, and the same seed the same', async () => {
  const draw = (seed: number) =>
    hearth('run', 'One day', '--max-tokens', '16', '--temperature', '1', '--seed', `${seed}`)
  const texts = [await draw(1), await draw(2), await draw(1)].map(({ output }) => output)
  expect(texts[2]).toBe(texts[0])
  expect(texts[1]).not.toBe(texts[0])
})

// Windows has no signals to send: there Ctrl-C is an event of the console.
const signals = process.platform !== 'win32'
if (!signals) console.info('tests of interrupts skipped: Windows has no signals')

test.skipIf(!signals)('an interrupt ends a run with exit code 130 and leaves no process', async () => {
  // A story of 179 tokens: one that is drawn may end before it is stopped.
  const likeliestStory = ['--max-tokens', '100000', '--temperature', '0', '--seed', '1'] as const
  const child = started('hearth.mjs', 'run', 'Once upon a time', ...likeliestStory)
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const children = await descendants(child.pid ?? 0)
  expect(children.length).toBeGreaterThan(1)
  child.kill('SIGINT')
  expect(await exitCode(child)).toBe(130)
  await expect.poll(() => children.filter(isRunning), { timeout: 20_000 }).toEqual([])
})

test.skipIf(process.platform === 'win32')(
  'npm start opens the app and takes everything with it when it ends',
  async () => {
    const child = started('start.mjs')
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    await expect.poll(() => existsSync(join(home, 'window')), { timeout: 60_000 }).toBe(true)
    await expect.poll(() => output).toContain('Opening Hearth\n')
    const children = await descendants(child.pid ?? 0)
    child.kill('SIGTERM')
    await exitCode(child)
    await expect.poll(() => children.filter(isRunning), { timeout: 20_000 }).toEqual([])
  },
)

async function hearth(...args: string[]) {
  return capture(process.execPath, [join(launch, 'hearth.mjs'), ...args], { env })
}

/** Starts an entry point without the display of the test run, so that it has to bring its own where there is none. */
function started(entry: string, ...args: string[]): ChildProcess {
  const bare = { ...env, DISPLAY: '', WAYLAND_DISPLAY: '' }
  const display = process.platform === 'linux' ? bare : env
  return spawn(process.execPath, [join(launch, entry), ...args], { env: display, stdio: ['pipe', 'pipe', 'inherit'] })
}

async function textOf({ stdout }: ChildProcess): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdout ?? []) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** Process ids below a process. */
async function descendants(pid: number): Promise<readonly number[]> {
  const { output } = await capture('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): readonly number[] =>
    pairs.flatMap(([child = 0, its]) => (its === parent ? [child, ...below(child)] : []))
  return below(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
