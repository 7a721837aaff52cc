// The command as a person starts it: a process of its own, its two streams and its exit code.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { capture, rootFolder } from '../../../electron/launch/subprocess.ts'
import { createStore } from '../../../electron/services/store/createStore.ts'

const home = mkdtempSync(join(tmpdir(), 'hearth-command-'))
const entry = join(rootFolder, 'electron', 'launch', 'hearth.mjs')
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('--help goes to stdout and exits with 0', async () => {
  expect(await hearth('run', '--help')).toMatchObject({
    code: 0,
    errors: '',
    output: expect.stringContaining('--seed'),
  })
})

test('--version prints the version of package.json', async () => {
  expect(await hearth('--version')).toEqual({ code: 0, errors: '', output: '0.1.0\n' })
})

test('wrong arguments exit with 2 and one line on stderr', async () => {
  expect(await hearth('run', 'x', '--seed', 'lucky')).toEqual({
    code: 2,
    output: '',
    errors: 'hearth: --seed: expected a number from 0 to 2147483647, got lucky\n',
  })
})

test('an unknown model exits with 1 and one line that names those there are', async () => {
  const { code, output, errors } = await hearth('run', 'x', '--model', 'nobody/nothing')
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(errors).toMatch(/^hearth: no model nobody\/nothing; there (is|are) [^\n]+\n$/)
})

test('compiling a folder that is no checkpoint exits with 1, names the file, and leaves nothing behind', async () => {
  const target = join(home, 'made')
  const { code, output, errors } = await hearth('compile', join(rootFolder, 'electron', 'launch'), '--out', target)
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(errors).toMatch(/^hearth: config\.json: not found[^\n]*\n$/)
  expect(readdirSync(home)).toEqual([])
})

test('compile refuses to write into a folder that exists', async () => {
  const { code, errors } = await hearth('compile', rootFolder, '--out', home)
  expect({ code, errors }).toEqual({
    code: 1,
    errors: `hearth: ${home} exists already; name a folder that does not\n`,
  })
})

test('list prints JSON for programs', async () => {
  const { code, output } = await hearth('list', '--json')
  expect(code).toBe(0)
  expect(Array.isArray(JSON.parse(output))).toBe(true)
})

test('list says which folders it leaves out, and why', async () => {
  const folder = join(home, 'models', 'somebody', 'damaged')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'hearth.json'), '{')
  const { code, output, errors } = await hearth('list')
  rmSync(join(home, 'models'), { recursive: true })
  expect(code).toBe(0)
  expect(output).not.toContain('damaged')
  expect(errors).toContain(`hearth: ${folder} is left out: hearth.json is damaged or from another version of Hearth\n`)
})

test('beside the app, what only looks works, and what writes says that the folder is in use', async () => {
  const models = join(home, 'models')
  {
    await using _store = await createStore({ folder: models })
    const shown = await hearth('show', 'hearth/tinystories-15m-base')
    expect(shown).toMatchObject({ code: 0, errors: '', output: expect.stringContaining('base of TinyStories 15M') })
    expect(await hearth('pull', 'somebody/model')).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringMatching(/^hearth: the models folder is in use: [^\n]+\n$/),
    })
  }
  for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true })
})

test('a prompt from an empty standard input is a wrong argument', async () => {
  expect(await hearth('run', '-')).toEqual({
    code: 2,
    output: '',
    errors: 'hearth: run: the prompt on standard input is empty\n',
  })
})

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('what %s ended ends with its code', async (signal) => {
  // The version that the first stage looks at, and a second stage that a signal ends.
  const pretend = `data:text/javascript,if(process.env.HEARTH_NODE_STAGE==='2')process.kill(process.pid,'${signal}');Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`
  const env = { ...process.env, NODE_OPTIONS: `--import "${pretend}"` }
  const { code } = await capture(process.execPath, [entry, '--version'], { env })
  expect(code).toBe(128 + constants.signals[signal])
})

test('it starts through a link, as npx starts it', async () => {
  const link = join(home, 'hearth')
  symlinkSync(entry, link)
  expect(await capture(process.execPath, [link, '--version'])).toEqual({ code: 0, errors: '', output: '0.1.0\n' })
  rmSync(link)
})

test('an older Node hands over to Node 24 with the same arguments and exit code', async () => {
  // The version is all the first stage looks at; what it starts is the real Node of node_modules.
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`
  // These tests may themselves have been handed over.
  const { HEARTH_NODE_STAGE: _stage, ...env } = process.env
  const run = (...args: string[]) => capture(process.execPath, ['--import', pretend, entry, ...args], { env })
  expect(await run('--version')).toEqual({ code: 0, errors: '', output: '0.1.0\n' })
  expect(await run('nonsense')).toMatchObject({ code: 2, output: '' })
})

async function hearth(...args: string[]) {
  return capture(process.execPath, [entry, ...args], { env: { ...process.env, HEARTH_HOME: home } })
}
