// Every reference checkpoint and the rules of its architecture meet exactly: each stored value is used once, or its tensor carries nothing.
import { expect, test } from 'vitest'
import { caseNames, openCase } from '../../reference/checkpointCases.ts'

const names = await caseNames()

test.for(names)('%s: every row of every stored tensor is used once', async (name) => {
  const { architecture, spec, rules, stored } = await openCase(name)
  const carriesNothing = architecture.ignorable(spec)
  const used = new Map([...stored].map(([tensor, { shape }]) => [tensor, new Uint8Array(shape[0] ?? 1)]))
  for (const { tensor, aliases = [], shape, rows = [[0, shape[0] ?? 1]] } of rules.flatMap(({ sources }) => sources)) {
    const present = [tensor, ...aliases].filter((one) => stored.has(one))
    expect(present, `${tensor} or ${aliases}`).toHaveLength(1)
    const [found = ''] = present
    expect(stored.get(found)?.shape, found).toEqual(shape)
    for (const [start, count] of rows)
      for (let row = start; row < start + count; row++) {
        const uses = used.get(found)
        if (uses !== undefined) uses[row] = (uses[row] ?? 0) + 1
      }
  }
  for (const [tensor, uses] of used) {
    const ignored = carriesNothing.some((pattern) => pattern.test(tensor))
    expect([...new Set(uses)], tensor).toEqual([ignored ? 0 : 1])
  }
})
