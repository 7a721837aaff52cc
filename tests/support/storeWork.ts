// Run as a process of its own: changes a models folder at random for ever, and writes a line before and after each change, so that a test can kill it at any
// moment and know what must be there. `node storeWork.ts <folder> <seed>`.
import { writeSync } from 'node:fs'
import { createStore } from '../../electron/services/store/createStore.ts'
import { randomSource } from './random.ts'
import { content, install, publish, sha256 } from './storeModels.ts'

export type Line = { readonly kind: 'open' } | { readonly kind: 'begin' | 'end'; readonly change: Change }
export type Change =
  | { readonly kind: 'publish'; readonly sha256: string }
  | { readonly kind: 'install' | 'remove'; readonly id: string }
  | { readonly kind: 'withdraw'; readonly id: string }
  | { readonly kind: 'collect' }

export const idCount = 5

/** The files of model `id`: neighbours share one. Large enough that writing them takes a while. */
export function modelContent(id: number): { readonly written: readonly Buffer[]; readonly shared: readonly Buffer[] } {
  const large = (seed: number) => Buffer.alloc(200_000 + seed, `content ${seed} `)
  return { written: [large(id), content(id), large((id + 1) % idCount)], shared: [large(100 + (id % 2))] }
}

async function work(folder: string, seed: number): Promise<never> {
  const random = randomSource(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  await using store = await createStore({ folder })
  const say = (line: Line) => writeSync(1, `${JSON.stringify(line)}\n`)
  say({ kind: 'open' })
  for (;;) {
    const number = below(idCount)
    const id = `a/${number}`
    const key = store.models().find(({ manifest }) => manifest.id === id)?.key
    const { written, shared } = modelContent(number)
    const drawn = below(6)
    const run = async (change: Change, action: () => Promise<unknown>) => {
      say({ kind: 'begin', change })
      await action()
      say({ kind: 'end', change })
    }
    if (drawn === 0) {
      const bytes = Buffer.alloc(50_000, `loose ${number}`)
      await run({ kind: 'publish', sha256: sha256(bytes) }, () => publish(store, bytes))
    } else if (drawn === 1)
      await run({ kind: 'collect' }, () => store.collect(store.unused().map((blob) => blob.sha256)))
    else if (key === undefined) await run({ kind: 'install', id }, () => install(store, id, written, shared))
    else if (drawn === 2)
      await run({ kind: 'withdraw', id }, async () => {
        await store.withdraw(sha256(written[0] ?? Buffer.alloc(0)))
        await install(store, id, written, shared)
      })
    else await run({ kind: 'remove', id }, () => store.remove(key))
  }
}

const [folder, seed] = process.argv.slice(2)
if (import.meta.main && folder !== undefined) await work(folder, Number(seed))
