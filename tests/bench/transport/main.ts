// node tests/bench/transport/main.ts [--size MiB] [ways...]: how fast the ways in which Electron can hand a big file to a worker of a locked page are,
// beside `cat` of the same file and an upload of as many bytes to the GPU in the same run.
import { spawn } from 'node:child_process'
import { openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { prepareRuntime } from '../../../electron/launch/runtime.ts'
import { capture } from '../../../electron/launch/subprocess.ts'
import { everyWay } from './ways.ts'

const words = process.argv.slice(2)
const sizeMiB = words[0] === '--size' ? Number(words.splice(0, 2)[1]) : 1024
const ways = words.length > 0 ? words : everyWay

const file = join(tmpdir(), `hearth-transport-${process.pid}.bin`)
const output = openSync(file, 'w')
for (let at = 0; at < sizeMiB; at++)
  writeSync(output, crypto.getRandomValues(new Uint8Array(65_536)), 0, 65_536, at * 2 ** 20)
writeSync(output, new Uint8Array(1), 0, 1, sizeMiB * 2 ** 20 - 1)

const runtime = await prepareRuntime({ say: (line) => process.stderr.write(`${line}\n`) })
try {
  const catMs = await cat()
  const app = spawn(runtime.executable, [...runtime.flags, join(import.meta.dirname, 'app.ts')], {
    env: { ...runtime.env, HEARTH_TRANSPORT: JSON.stringify({ file, ways: ['upload?chunk=16', ...ways] }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  app.stderr.on('data', (text) => String(text).includes('page:') && process.stderr.write(String(text)))
  let uploadMs = Number.NaN
  for await (const line of createInterface({ input: app.stdout })) {
    if (!line.startsWith('transport: ')) continue
    const { way, ms, error, bytes, cpuSeconds } = JSON.parse(line.slice(11))
    if (way.startsWith('upload') && Number.isNaN(uploadMs)) uploadMs = ms
    const rate = (bytes / 2 ** 30 / (ms / 1000)).toFixed(2)
    console.log(
      error
        ? `${way}: ${error}`
        : `${way.padEnd(64)} ${rate.padStart(6)} GiB/s  ${(ms / catMs).toFixed(1).padStart(6)} x cat  ${(ms / uploadMs).toFixed(2).padStart(6)} x upload  ${((cpuSeconds / bytes) * 2 ** 30).toFixed(1)} s of CPU per GiB${bytes === sizeMiB * 2 ** 20 ? '' : ` ${bytes} BYTES`}`,
    )
  }
  console.log(
    `cat before ${(sizeMiB / 1024 / (catMs / 1000)).toFixed(2)} GiB/s, after ${(sizeMiB / 1024 / ((await cat()) / 1000)).toFixed(2)} GiB/s`,
  )
} finally {
  rmSync(file)
  await runtime.dispose()
}

/** The better of two: the first may still fill the page cache. */
async function cat(): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let time = 0; time < 2; time++) {
    const start = performance.now()
    await capture('sh', ['-c', 'cat "$0" > /dev/null', file])
    best = Math.min(best, performance.now() - start)
  }
  return best
}
