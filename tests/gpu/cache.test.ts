import { expect, test } from 'vitest'
import { cacheFunctions } from '../../shared/compiler/kernels/cache.ts'
import { assembleKernel } from '../../shared/compiler/kernels/kernel.ts'
import { testDevice } from '../support/attention.ts'
import { runKernel } from '../support/runKernel.ts'

const kernel = assembleKernel({
  name: 'cache_probe',
  mathematics: 'rows[p] = row of position p; positions[r] = newest position below length in row r',
  bindings: [
    { name: 'rows', type: 'array<u32>', access: 'read_write' },
    { name: 'positions', type: 'array<u32>', access: 'read_write' },
  ],
  scalars: ['length', 'capacity', 'sink'],
  workgroupSize: [1],
  declarations: cacheFunctions(8),
  body: `
rows[group_x] = cache_row(group_x);
if (group_x < min(args.length, args.capacity)) { positions[group_x] = cache_position(group_x, args.length); }`,
})

test('each row of a ring tells the newest position written to it, and sink rows are never overwritten', async () => {
  for (const [length, capacity, sink] of [
    [5, 8, 0],
    [8, 8, 0],
    [9, 8, 0],
    [100, 8, 3],
    [48, 16, 4],
    [1000, 17, 1],
  ] as const) {
    const { rows, positions } = await runKernel(await testDevice(), kernel, {
      buffers: [length * 4, capacity * 4],
      scalars: [length, capacity, sink],
      grid: [length],
    })
    const held = new Map<number, number>()
    const expectedRows = Array.from({ length }, (_, position) => {
      const row = position < capacity ? position : sink + ((position - sink) % (capacity - sink))
      held.set(row, position)
      return row
    })
    const occupied = Math.min(length, capacity)
    expect([...new Uint32Array(rows as ArrayBuffer, 0, length)]).toEqual(expectedRows)
    expect([...new Uint32Array(positions as ArrayBuffer, 0, occupied)]).toEqual(
      Array.from({ length: occupied }, (_, row) => held.get(row)),
    )
    if (length > sink) expect([...held].filter(([row, position]) => row < sink && row !== position)).toEqual([])
  }
})
