// The layer rule as biome.json states it: each sample breaks it in one way and must be refused, under the path it would have.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { capture, rootFolder } from '../../../electron/launch/subprocess.ts'

const use = 'export const used = imported\n'
const samples: readonly (readonly [path: string, code: string, rule: string | null])[] = [
  ['shared/sample.ts', `import { z as imported } from 'zod'\n${use}`, null],
  ['shared/sample.ts', `import { join as imported } from 'node:path'\n${use}`, 'noRestrictedImports'],
  ['shared/prompts/sample.ts', `import { a as imported } from '../../electron/a.ts'\n${use}`, 'noRestrictedImports'],
  ['electron/services/sample.ts', `import { app as imported } from 'electron'\n${use}`, 'noRestrictedImports'],
  ['electron/services/sample.ts', `import { a as imported } from '../ipc/serve.ts'\n${use}`, 'noRestrictedImports'],
  ['electron/services/sample.ts', `import { a as imported } from '../main.ts'\n${use}`, 'noRestrictedImports'],
  ['electron/services/hub/sample.ts', `import { a as imported } from '../database.ts'\n${use}`, null],
  ['electron/services/hub/sample.ts', `import { a as imported } from '../../main.ts'\n${use}`, 'noRestrictedImports'],
  [
    'electron/services/hub/sample.ts',
    `import { a as imported } from '../../models/a.ts'\n${use}`,
    'noRestrictedImports',
  ],
  ['electron/sample.ts', `import { app as imported } from 'electron'\n${use}`, null],
  ['electron/sample.ts', `import * as imported from '@mlc-ai/web-llm'\n${use}`, 'noRestrictedImports'],
  ['renderer/state/sample.ts', `import * as imported from '@mlc-ai/web-llm'\n${use}`, 'noRestrictedImports'],
  ['renderer/inference/sample.ts', `import * as imported from '@mlc-ai/web-llm'\n${use}`, null],
  ['renderer/sample.ts', `import { a as imported } from '../electron/a.ts'\n${use}`, 'noRestrictedImports'],
  ['electron/sample.ts', 'export default 1\n', 'noDefaultExport'],
  ['electron/sample.ts', 'async function work() {}\nwork()\n', 'noFloatingPromises'],
]

test('code that breaks the layer rule does not pass the lint, and code that keeps it does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-layers-'))
  try {
    // The rules alone: there is no git repository to ask what is ignored.
    const settings = JSON.parse(readFileSync(join(rootFolder, 'biome.json'), 'utf8')) as object
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }))
    const judged = samples.map(([path, code], index) => {
      const file = path.replace('sample', `sample${index}`)
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), code)
      return file
    })
    const biome = join(rootFolder, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
    const { output } = await capture(process.execPath, [biome, 'lint', '--reporter=github'], { cwd: folder })
    const found = judged.map((file) => {
      const line = output.split('\n').find((text) => text.includes(file))
      return /lint\/\w+\/(\w+)/.exec(line ?? '')?.[1] ?? null
    })
    expect(found).toEqual(samples.map(([, , rule]) => rule))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
