// The package as electron-builder.yml makes it, on Linux, around this checkout's runtime instead of a downloaded one: what is in it, which fuses are
// set, and that what they forbid does not work.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fusesFor } from '../../electron/package/fuses.ts'
import { startLocalHub } from '../hub/localHub.ts'
import { lookAt } from '../support/devtools.ts'
import { collectReports, prepareApp, runArgument, temporaryFolder } from '../support/electronApp.ts'
import { checkpoint, repositoryOf } from '../support/installRig.ts'
import { canBecomeSomebody, somebody } from '../support/somebody.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = temporaryFolder()
const packed = join(folder, 'linux-unpacked')
const binary = join(packed, 'hearth')
const onLinux = process.platform === 'linux'
if (!onLinux) console.info('skipped: the package (this test reads the Linux one)')
const canSandbox = onLinux && canBecomeSomebody()
if (onLinux && !canSandbox)
  console.info('skipped: running the package (needs an ordinary user and namespaces for them)')

describe.skipIf(!onLinux)('the package', () => {
  beforeAll(async () => {
    const runtime = await prepareApp()
    const made = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/electron-builder/cli.js'),
        ...['--linux', 'dir', '--publish', 'never'],
        `-c.electronDist=${dirname(runtime.executable)}`,
        `-c.directories.output=${folder}`,
      ],
      { cwd: root, encoding: 'utf8' },
    )
    if (made.status !== 0) throw new Error(`electron-builder: ${made.stdout}${made.stderr}`)
    chmodSync(folder, 0o755)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('has every fuse set as decided', async () => {
    const wire = await getCurrentFuseWire(binary)
    const decided = fusesFor('linux')
    const names = Object.values(FuseV1Options).filter((value): value is FuseV1Options => typeof value === 'number')
    const stateOf = (value: boolean | undefined) => (value ? FuseState.ENABLE : FuseState.DISABLE)
    expect(names.map((name) => wire[name])).toEqual(names.map((name) => stateOf(decided[name])))
  })

  test('holds the built app and the bundled models, and no launcher, no sources and no node_modules', () => {
    const listed = spawnSync(
      process.execPath,
      [join(root, 'node_modules/@electron/asar/bin/asar.js'), 'list', join(packed, 'resources/app.asar')],
      { encoding: 'utf8' },
    )
    const files = listed.stdout.split('\n').filter((file) => file !== '')
    const wanted = ['main/main.js', 'main/modelsProcess.js', 'main/compileWorker.js', 'preload/preload.cjs']
    expect(files).toEqual(expect.arrayContaining(wanted.map((file) => `/out/${file}`)))
    expect(readFileSync(join(packed, 'resources/runtime/hearth-runtime.wasm'))).toEqual(
      readFileSync(join(root, 'resources/runtime/hearth-runtime.wasm')),
    )
    expect(files.filter((file) => !/^\/(package\.json|LICENSE|out(\/.*)?)$/.test(file))).toEqual([])
    expect(manifests(join(packed, 'resources/models'))).toEqual(manifests(join(root, 'resources/models')))
  })

  test('is no JavaScript interpreter', () => {
    const asked = spawnSync(binary, ['-e', 'console.log("ran")'], {
      env: { PATH: '', ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(asked.stdout).not.toContain('ran')
  })

  test.skipIf(!canSandbox)('runs a command with its sandbox, and opens no debugger when asked to', async () => {
    const { exitCode, reports, errors } = await start([
      '--inspect=0',
      runArgument({ modelId: 'nobody/nothing', prompt: 'x', maxTokens: 1, temperature: 0, topP: 1, seed: 1 }),
    ])
    expect({ exitCode, reports }).toEqual({
      exitCode: 1,
      reports: [{ kind: 'failed', message: expect.stringContaining('nobody/nothing') }],
    })
    expect(errors).not.toContain('Debugger listening')
  })

  test.skipIf(!canSandbox)(
    'installs a model: its models process, the compile worker in it and the runtime work there',
    async () => {
      await using hub = await startLocalHub({ repositories: [await repositoryOf('llama-bf16-sharded')] })
      await using started = await startProcess(['--remote-debugging-port=0'], { HF_ENDPOINT: hub.state.hubOrigin })
      await using page = await lookAt(started.child, 'app://bundle/index.html')
      const request = JSON.stringify(checkpoint('test/llama-bf16-sharded'))
      expect(await page.evaluate(`hearth['jobs.install'](${request})`)).toMatchObject({ ok: true })
      const job = () => page.evaluate("hearth['jobs.list']().then(({ value }) => value?.[0])")
      await expect.poll(job, { timeout: 120_000 }).toMatchObject({ state: 'done', problem: null })
      const names = "hearth['models.list']().then(({ value }) => value.map(({ manifest }) => manifest.id))"
      expect(await page.evaluate(names)).toContain('test/llama-bf16-sharded')
    },
  )

  test.skipIf(!canSandbox)('refuses to start without its sandbox, and says why', async () => {
    const { exitCode, errors, output } = await start(['--no-sandbox'])
    expect(exitCode).toBe(1)
    expect(errors + output).toContain('does not start without its sandbox')
  })

  test.skipIf(!canSandbox)('does not run a folder put in the place of its archive', async () => {
    const archive = join(packed, 'resources/app.asar')
    renameSync(archive, join(folder, 'app.asar'))
    mkdirSync(join(packed, 'resources/app'))
    writeFileSync(join(packed, 'resources/app/package.json'), '{"main":"main.js"}')
    writeFileSync(
      join(packed, 'resources/app/main.js'),
      'console.log("another app ran"); require("electron").app.exit(0)',
    )
    try {
      const { output } = await start([])
      expect(output).not.toContain('another app ran')
    } finally {
      rmSync(join(packed, 'resources/app'), { recursive: true })
      renameSync(join(folder, 'app.asar'), archive)
    }
  })
})

/** The manifests below a folder of models. */
function manifests(models: string): readonly string[] {
  if (!existsSync(models)) return []
  return readdirSync(models, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('hearth.json'))
    .sort()
}

/** Runs the packed app as an ordinary user, for at most two minutes. */
async function start(given: readonly string[]) {
  await using started = await startProcess(given)
  const limit = setTimeout(() => started.child.kill('SIGTERM'), 120_000)
  try {
    return await started.ended
  } finally {
    clearTimeout(limit)
  }
}

/** The packed app as an ordinary user; disposing ends it. */
async function startProcess(given: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const runtime = await prepareApp()
  const flags = runtime.flags.filter((flag) => flag !== '--no-sandbox')
  const user = somebody(runtime.env)
  const child = spawn(user.command, [...user.arguments, binary, ...flags, ...given], {
    env: { ...user.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = collectReports(child)
  return {
    ...{ child, ended },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await ended
      user.dispose()
    },
  }
}
