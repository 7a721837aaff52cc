// Two processes on one models folder: one writes, the other is refused, and after the first has ended, however it ended, the second goes on from what it left.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { sha256 } from '../../../hub/hubAnswer.ts'
import { type LocalFile, startLocalHub } from '../../../hub/localHub.ts'

const child = fileURLToPath(new URL('../../../rigs/downloadChild.ts', import.meta.url))
const blockBytes = 65_536
const bytes = Uint8Array.from({ length: 9 * blockBytes + 11 }, (_, index) => (index * 31 + (index >> 8) * 7) % 251)
const file: LocalFile = { name: 'model.bin', bytes, large: true }
const [id, commit] = ['somebody/model', 'c'.repeat(40)]

test('the second process is refused while the first downloads, and goes on where it was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-two-'))
  await using local = await startLocalHub({ repositories: [{ id, commit, files: [file], branches: { main: commit } }] })
  const start = () => {
    const running = spawn(process.execPath, [child, local.state.hubOrigin, folder, id, commit, `${blockBytes}`, '2'])
    const output: string[] = []
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => output.push(String(text)))
    const ended = once(running, 'close').then(([code]) => ({ code: Number(code), output: output.join('') }))
    return { running, ended }
  }
  try {
    // The first gets some blocks, then the Hub is silent.
    const { promise: silent, resolve: fallSilent } = Promise.withResolvers<void>()
    let left = 4
    local.fault = (request) => {
      if (request.server !== 'files' || left-- > 0) return false
      fallSilent()
      return true
    }
    const first = start()
    await silent
    const refused = await start().ended
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('another Hearth writes to')
    await expect(createStore({ folder })).rejects.toMatchObject({ problem: { code: 'store-in-use' } })
    first.running.kill('SIGKILL')
    await first.ended
    local.fault = null
    const both = await Promise.all([start().ended, start().ended])
    expect(both.map(({ output }) => output.includes('done'))).toContain(true)
    for (const { code, output } of both)
      expect([code, code === 0 || output.includes('another Hearth')]).toEqual([code, true])
    await using store = await createStore({ folder })
    const blob = store.blob({ kind: 'sha256', hex: sha256(bytes) })
    expect(Buffer.from(readFileSync(blob?.path ?? '')).equals(bytes)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
