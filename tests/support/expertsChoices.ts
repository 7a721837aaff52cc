// Which experts the tokens of a chunk chose, and those choices as the kernels of a mixture of experts want them.
import { expertsGroup, expertsTiles } from '../../shared/compiler/kernels/expertsGroup.ts'
import { runKernel, words } from './runKernel.ts'

/** Different experts for each token; crowded: the first ones for all. */
export function idsOf(
  tokens: number,
  count: number,
  chosen: number,
  crowded: boolean,
  next: () => number,
): Uint32Array {
  const ids = new Uint32Array(tokens * chosen)
  for (let t = 0; t < tokens; t++) {
    const order = Array.from({ length: count }, (_, expert) => ({ expert, key: crowded ? expert : next() }))
    order.sort((a, b) => a.key - b.key)
    for (let c = 0; c < chosen; c++) ids[t * chosen + c] = order[c]?.expert ?? 0
  }
  return ids
}

/** The choices sorted into tiles of one expert each, by the kernel. */
export async function grouped(
  device: GPUDevice,
  o: Omit<Parameters<typeof expertsGroup>[0], 'name'>,
  ids: Uint32Array,
): Promise<{ readonly experts: Uint32Array; readonly choices: Uint32Array }> {
  const tokens = ids.length / o.chosen
  const { perTokens, multiply, add } = expertsTiles(o)
  const tiles = Math.ceil(tokens / perTokens) * multiply + add
  const poison = (length: number) => new Uint32Array(length).fill(0x7777_7777)
  const result = await runKernel(device, expertsGroup({ ...o, name: 'group' }), {
    buffers: [ids, poison(tiles), poison(tiles * o.tile)],
    scalars: [tokens],
    grid: [1],
  })
  return { experts: words(result.experts, tiles), choices: words(result.choices, tiles * o.tile) }
}
