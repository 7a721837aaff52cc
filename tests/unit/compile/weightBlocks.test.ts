// Blocks against the plainest reading of a rule (tests/support/gatherWeight.ts): any mixture of sources, ranges, turned-over matrices and block sizes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RowRange, WeightRule, WeightSource } from '../../../shared/compiler/architectures/spec.ts'
import { openCheckpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { checkTensors } from '../../../shared/compiler/checkTensors.ts'
import { blocksOf, readRule, sizeOf } from '../../../shared/compiler/weightBlocks.ts'
import { CompileError } from '../../../shared/errors.ts'
import { gatherWeight, type StoredTensor } from '../../support/gatherWeight.ts'
import { float32File, memorySource } from '../../support/memorySource.ts'

const { signal } = new AbortController()

async function checkpointOf(stored: Readonly<Record<string, StoredTensor>>) {
  const checkpoint = await openCheckpoint(memorySource({ 'model.safetensors': float32File(stored) }), signal)
  const asked: number[] = []
  const readRows: typeof checkpoint.readRows = async (tensor, first, count, abort) => {
    asked.push(count * sizeOf(tensor.shape.slice(1)))
    return await checkpoint.readRows(tensor, first, count, abort)
  }
  return { checkpoint: { ...checkpoint, readRows }, asked }
}

/** Values that say which they are. */
function counting(shape: readonly number[], from = 0): StoredTensor {
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, index) => from + index) }
}

/** Rows 0 to `rows` cut into ranges and shuffled. */
const rangesOf = (rows: number) =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, rows - 1) }), { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([cuts, order]): readonly RowRange[] => {
      const ends = [...cuts.filter((cut) => cut < rows).sort((a, b) => a - b), rows]
      return ends
        .map((end, index): RowRange => [ends[index - 1] ?? 0, end - (ends[index - 1] ?? 0)])
        .map((range) => ({ range, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ range }) => range)
    })

const sourceOf = (columns: number, kind: WeightRule['kind']) =>
  fc.integer({ min: 1, max: 40 }).chain((rows) =>
    fc
      .record({
        layout: fc.constantFrom('plain', 'transposed', 'conv', 'experts'),
        ranges: fc.option(rangesOf(rows), { nil: undefined }),
        alias: fc.boolean(),
      })
      .map(({ layout, ranges, alias }) => {
        const shape = {
          plain: [rows, columns],
          transposed: [columns, rows],
          conv: [rows, 1, columns],
          experts: kind === 'matrix' ? [rows, 2, columns] : [rows, columns],
        }[layout]
        return { shape, ranges, alias, transposed: layout === 'transposed' }
      }),
  )

const ruleCase = fc
  .record({ columns: fc.integer({ min: 1, max: 9 }), kind: fc.constantFrom<WeightRule['kind']>('matrix', 'float') })
  .chain(({ columns, kind }) =>
    fc.record({
      columns: fc.constant(columns),
      kind: fc.constant(kind),
      sources: fc.array(sourceOf(columns, kind), { minLength: 1, maxLength: 4 }),
      sizes: fc.record({
        blockElements: fc.integer({ min: 1, max: 200 }),
        stripElements: fc.integer({ min: 1, max: 200 }),
      }),
    }),
  )

test('blocks of any size give what gathering in memory gives, each element where it says it is', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`weight blocks: seed ${seed}`)
  await fc.assert(
    fc.asyncProperty(ruleCase, async ({ columns, kind, sources, sizes }) => {
      const stored: Record<string, StoredTensor> = {}
      const described = sources.map(({ shape, ranges, alias, transposed }, index): WeightSource => {
        stored[`t${index}`] = counting(shape, index * 10_000)
        return {
          tensor: alias ? `gone.t${index}` : `t${index}`,
          shape,
          ...(alias ? { aliases: ['never', `t${index}`] } : {}),
          ...(ranges === undefined ? {} : { rows: ranges }),
          ...(transposed ? { transposed: true as const } : {}),
        }
      })
      const elements = Object.values(stored).reduce((sum, { values }) => sum + values.length, 0)
      const rule: WeightRule = { name: 'm.weight', kind, shape: [elements / columns, columns], sources: described }
      const { checkpoint, asked } = await checkpointOf(stored)
      checkTensors(checkpoint, [rule], [])
      const expected = gatherWeight(rule, new Map(Object.entries(stored)))
      expect(await readRule(checkpoint, rule, signal)).toEqual(expected)
      asked.length = 0
      const collected: number[] = []
      let bytes = 0
      for (const block of blocksOf(rule, checkpoint, sizes)) {
        const values = await block.read(signal)
        expect(block.rowCount * columns).toBe(values.length)
        expect(block.ruleRow * columns).toBe(collected.length)
        for (const [index, value] of values.entries())
          expect(stored[block.tensor.name]?.values[block.elementOf(index)]).toBe(value)
        collected.push(...values)
        bytes += block.sizeBytes
      }
      expect(collected).toEqual([...expected])
      expect(bytes).toBeCloseTo(elements * 4, 3)
      const widest = Math.max(...Object.values(stored).map(({ shape }) => sizeOf(shape.slice(1))))
      expect(Math.max(...asked)).toBeLessThanOrEqual(Math.max(sizes.blockElements, widest))
    }),
    { numRuns: 500, seed },
  )
})

test('neighbouring ranges are read at once', async () => {
  const { checkpoint, asked } = await checkpointOf({ a: counting([10, 3]) })
  const source: WeightSource = {
    tensor: 'a',
    shape: [10, 3],
    rows: [
      [4, 2],
      [6, 4],
      [0, 4],
    ],
  }
  const [block, ...more] = blocksOf({ name: 'm', kind: 'matrix', shape: [10, 3], sources: [source] }, checkpoint)
  await block?.read(signal)
  expect([more.length, asked]).toEqual([0, [18, 12]])
})

describe('tensors that do not fit the rules:', () => {
  const source = (more: Partial<WeightSource> = {}): WeightSource => ({ tensor: 'a', shape: [4, 2], ...more })
  const rule = (shape: readonly number[], ...sources: readonly WeightSource[]): WeightRule => ({
    name: 'm',
    kind: 'matrix',
    shape,
    sources,
  })
  const check = async (rules: readonly WeightRule[], ignorable: readonly RegExp[] = []) => {
    const { checkpoint } = await checkpointOf({ a: counting([4, 2]), b: counting([2, 4]) })
    checkTensors(checkpoint, rules, ignorable)
  }
  test.each<[string, WeightRule, string]>([
    [
      'a name that is not there',
      rule([4, 2], source({ tensor: 'x' })),
      'model.safetensors: tensor "x": missing, expected shape [4,2]',
    ],
    [
      'no alias either',
      rule([4, 2], source({ tensor: 'x', aliases: ['y', 'z'] })),
      'tensor "x": missing, expected shape [4,2] (nor is "y" or "z" there)',
    ],
    [
      'another shape',
      rule([2, 4], source({ shape: [2, 4] })),
      'tensor "a".shape: [4,2], expected [2,4] from config.json',
    ],
    ['another rank', rule([4, 2], source({ shape: [4, 1, 2] })), 'tensor "a".shape: [4,2], expected [4,1,2]'],
    ['a tensor nobody wants', rule([4, 2], source()), 'tensor "b": is unknown to this architecture'],
  ])('%s', async (_, bad, problem) => {
    const error = await check([bad]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message).toContain(problem)
  })

  test.each<[string, readonly WeightRule[], string]>([
    ['too few values', [rule([4, 2], source({ rows: [[0, 3]] }))], 'm: 6 values for shape [4,2]'],
    [
      'a row left out',
      [
        rule(
          [3, 2],
          source({
            rows: [
              [0, 1],
              [2, 2],
            ],
          }),
        ),
      ],
      'a: row 1 of 4 is used by no rule',
    ],
    ['the last row left out', [rule([3, 2], source({ rows: [[0, 3]] }))], 'a: row 3 of 4 is used by no rule'],
    ['a row beyond the tensor', [rule([5, 2], source({ rows: [[0, 5]] }))], 'a: row 5 of 4 is used by no rule'],
    ['a matrix turned over to other columns', [rule([4, 2], source({ transposed: true }))], 'cannot be turned over'],
    ['a matrix of rows that do not divide', [rule([4, 2], source({ shape: [4, 3] }))], 'm: 12 values'],
  ])('is a mistake of the rules: %s', async (_, rules, problem) => {
    const error = await check(rules, [/^b$/]).catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(CompileError)
    expect((error as Error).message).toContain(problem)
  })

  test('several rules may share a tensor, and a row may be used twice', async () => {
    const first = rule([3, 2], source({ rows: [[0, 3]] }))
    const second = rule(
      [2, 2],
      source({
        rows: [
          [3, 1],
          [0, 1],
        ],
      }),
    )
    await check([first, second], [/^b$/])
  })
})
