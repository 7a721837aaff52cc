// Hostile texts through the parser: whatever they are, the tree holds nothing that runs, loads, leads, covers or names.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText } from '../../../../renderer/reading/cleanText.ts'
import { parseBlock } from '../../../../renderer/reading/parseBlock.ts'
import { withReferences } from '../../../../renderer/reading/references.ts'
import { splitBlocks } from '../../../../renderer/reading/splitBlocks.ts'
import type { TreeNode } from '../../../../renderer/reading/tree.ts'
import { hostileText, hostileTexts } from '../../../support/hostileTexts.ts'
import { treeFindings } from '../../../support/inert.ts'

const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1_000_000)
const runs = Number(process.env.HEARTH_PAYLOADS ?? 5000)
console.info(`hostile texts: seed ${seed}, ${runs} combinations`)

/** Every tree that a text gives, on the page and in a file; as if its blocks were one, and cut. */
function treesOf(text: string): readonly (readonly TreeNode[])[] {
  const blocks = splitBlocks(cleanText(text))
  const sources = [text, ...withReferences(blocks)]
  const requests = [
    ...sources.map((source) => ({ kind: 'markdown', text: source, maths: 'page' }) as const),
    { kind: 'markdown', text, maths: 'file' } as const,
    ...blocks.flatMap((block) =>
      block.kind === 'code' ? [{ kind: 'code', text: block.code, language: block.language } as const] : [],
    ),
  ]
  return requests.map(parseBlock).flatMap((answer) => (answer.kind === 'tree' ? [answer.nodes] : []))
}

test('there are more than 300, in every group, none twice', () => {
  expect(hostileTexts.length).toBeGreaterThan(300)
  expect(new Set(hostileTexts.map(({ text }) => text)).size).toBe(hostileTexts.length)
})

test.each(hostileTexts)('$group: $text', ({ text }) => {
  expect(treesOf(text).flatMap(treeFindings)).toEqual([])
})

test(`and ${runs} combinations of them`, () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(treesOf(text).flatMap(treeFindings)).toEqual([])
    }),
    { seed, numRuns: runs },
  )
}, 3_600_000)

test('most of them are read, not refused', () => {
  const trees = hostileTexts.map(({ text }) => parseBlock({ kind: 'markdown', text, maths: 'page' }).kind)
  expect(trees.filter((kind) => kind === 'tree').length).toBeGreaterThan(hostileTexts.length * 0.95)
})
