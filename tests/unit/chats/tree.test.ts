// Paths, versions and branches over random trees.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { childrenOf, newestLeaf, pathTo, subtree, versionsOf } from '../../../shared/chats/tree.ts'
import type { Message } from '../../../shared/chats/types.ts'
import { byId, someId, someMessage } from '../../support/chatMessages.ts'

/** Each message hangs on an earlier one or begins a branch. */
const trees = fc
  .array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((draws) =>
    byId(
      draws.map((draw, index) => {
        const parent = Math.floor(draw * (index + 1)) - 1
        return someMessage(index, parent < 0 ? null : parent)
      }),
    ),
  )

const treeAndMessage = trees.chain((messages) =>
  fc.record({ messages: fc.constant(messages), id: fc.constantFrom(...messages.keys()) }),
)

test('a path begins without a parent, each message hangs on the one before, and it ends at the leaf', () => {
  fc.assert(
    fc.property(treeAndMessage, ({ messages, id }) => {
      const path = pathTo(messages, id)
      expect(path[0]?.parentId).toBeNull()
      expect(path.at(-1)?.id).toBe(id)
      for (const [index, message] of path.entries()) if (index > 0) expect(message.parentId).toBe(path[index - 1]?.id)
    }),
  )
})

test('the versions of all children are every message once', () => {
  fc.assert(
    fc.property(trees, (messages) => {
      const roots = childrenOf(messages, null)
      const all: Message[] = [...roots]
      for (let index = 0; index < all.length; index++) all.push(...childrenOf(messages, all[index]?.id ?? ''))
      expect(new Set(all.map(({ id }) => id))).toEqual(new Set(messages.keys()))
      expect(all).toHaveLength(messages.size)
    }),
  )
})

test('a version shows the newest message of its branch that has nothing behind it', () => {
  fc.assert(
    fc.property(treeAndMessage, ({ messages, id }) => {
      const leaf = newestLeaf(messages, id)
      const branch = subtree(messages, id)
      const ends = branch.filter((message) => childrenOf(messages, message.id).length === 0)
      expect(leaf).toBe(ends.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0]?.id)
      expect(pathTo(messages, leaf).some((message) => message.id === id)).toBe(true)
    }),
  )
})

test('a branch is its message and everything whose path goes through it, parents first', () => {
  fc.assert(
    fc.property(treeAndMessage, ({ messages, id }) => {
      const branch = subtree(messages, id).map((message) => message.id)
      const through = [...messages.keys()].filter((one) => pathTo(messages, one).some((message) => message.id === id))
      expect(new Set(branch)).toEqual(new Set(through))
      expect(branch).toHaveLength(through.length)
      for (const [index, one] of branch.entries())
        if (index > 0) expect(branch.indexOf(messages.get(one)?.parentId ?? '')).toBeLessThan(index)
    }),
  )
})

test('versions are siblings, oldest first', () => {
  const messages = byId([
    someMessage(1, null),
    someMessage(2, 1, { createdAtMs: 30 }),
    someMessage(3, 1, { createdAtMs: 20 }),
    someMessage(4, 3),
  ])
  expect(versionsOf(messages, someId(2)).map(({ id }) => id)).toEqual([someId(3), someId(2)])
  expect(versionsOf(messages, someId(9))).toEqual([])
})

test('a leaf that is not there is an empty path, and a ring ends', () => {
  const ring = byId([someMessage(1, 2), someMessage(2, 1)])
  expect(pathTo(ring, someId(9))).toEqual([])
  expect(pathTo(ring, null)).toEqual([])
  expect(pathTo(ring, someId(1))).toHaveLength(2)
})

test('10,000 messages in a row are walked without recursion', () => {
  const messages = byId(
    Array.from({ length: 10_000 }, (_, index) => someMessage(index, index === 0 ? null : index - 1)),
  )
  expect(pathTo(messages, someId(9999))).toHaveLength(10_000)
  expect(subtree(messages, someId(0))).toHaveLength(10_000)
  expect(newestLeaf(messages, someId(0))).toBe(someId(9999))
})
