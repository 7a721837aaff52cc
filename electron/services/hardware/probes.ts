// Probes kept across starts, newest first, in one small file. Each stands beside the graphics adapters and drivers that the system told when it was made: with
// another card or another driver it is not of this computer any more.
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { type AdapterProbe, adapterProbe } from '../../../shared/hardware.ts'

const probesFile = z.strictObject({
  format: z.literal(1),
  probes: z.array(z.strictObject({ graphics: z.string(), probe: adapterProbe })),
})
type Kept = z.infer<typeof probesFile>['probes'][number]

/** Computers with many cards that come and go are rare. */
const keptLimit = 16

/** The newest probe of this set of adapters; null without one. A file that cannot be read counts as none. */
export async function keptProbe(path: string, graphics: string): Promise<AdapterProbe | null> {
  return (await readKept(path)).find((kept) => kept.graphics === graphics)?.probe ?? null
}

/** Takes the place of the earlier probe of the same adapter. Rejects where the file cannot be written. */
export async function keepProbe(path: string, graphics: string, probe: AdapterProbe): Promise<void> {
  const others = (await readKept(path)).filter(
    (kept) => kept.graphics !== graphics || kept.probe.adapter.name !== probe.adapter.name,
  )
  const probes = [{ graphics, probe }, ...others].slice(0, keptLimit)
  const temporary = `${path}.${randomUUID()}.part`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(temporary, JSON.stringify({ format: 1, probes }, null, 2))
  await rename(temporary, path)
}

async function readKept(path: string): Promise<readonly Kept[]> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return []
  try {
    return probesFile.parse(JSON.parse(text)).probes
  } catch {
    return []
  }
}
