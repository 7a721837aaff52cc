// The network ledger in pages, and as a table for a spreadsheet.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { client } from '../../../renderer/ipc.ts'
import { createNetwork, ledgerCsv } from '../../../renderer/state/network.ts'
import type { LedgerEntry } from '../../../shared/network.ts'
import { fakeBridge } from '../../support/fakeBridge.ts'
import { answered, ledgerEntry } from '../../support/management.ts'

/** A ledger with entries 1 to `count`. */
function ledgerOf(count: number) {
  return createNetwork({
    call: client(
      fakeBridge(null, [], {
        'network.ledger': ({ beforeId, limit }) => {
          const newest = (beforeId ?? count + 1) - 1
          return answered(Array.from({ length: Math.min(limit, newest) }, (_, index) => ledgerEntry(newest - index)))
        },
      }),
    ),
  })
}

test.each([0, 1, 99, 100, 101, 250])('a ledger of %i requests is read in pages, each request once', async (count) => {
  const network = ledgerOf(count)
  await network.read()
  while (network.store.getState().hasMore) await network.readMore()
  expect(network.store.getState().entries.map(({ id }) => id)).toEqual(
    Array.from({ length: count }, (_, index) => count - index),
  )
})

test('the whole of it is read however little is shown', async () => {
  const network = ledgerOf(2300)
  await network.read()
  expect((await network.readAll(new AbortController().signal)).map(({ id }) => id)).toHaveLength(2300)
  expect(network.store.getState().entries).toHaveLength(100)
})

test('reading anew begins at the newest', async () => {
  const network = ledgerOf(150)
  await network.read()
  await network.readMore()
  await network.read()
  expect(network.store.getState()).toMatchObject({ hasMore: true, status: { kind: 'known' } })
  expect(network.store.getState().entries).toHaveLength(100)
})

test('a refused page leaves what was read', async () => {
  const network = createNetwork({ call: client(fakeBridge()) })
  await network.read()
  expect(network.store.getState().status.kind).toBe('failed')
})

/** RFC 4180, read back. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quotedField, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quotedField === undefined ? (plain ?? '') : quotedField.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const entries: fc.Arbitrary<LedgerEntry> = fc.record({
  id: fc.integer({ min: 1 }),
  startedAtMs: fc.integer({ min: 0, max: 4e12 }),
  method: fc.constantFrom('GET', 'HEAD'),
  host: fc.domain(),
  path: fc.string(),
  purpose: fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', 'a', ' ') }),
  withToken: fc.boolean(),
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  receivedBytes: fc.nat(),
  durationMs: fc.option(fc.nat()),
  problem: fc.option(fc.string()),
})

test('every field comes back from the table as it was, and none begins a formula', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 5 }), (list) => {
      const [head, ...rows] = parsed(ledgerCsv(list))
      expect(head).toHaveLength(11)
      expect(rows).toHaveLength(list.length)
      for (const [index, row] of rows.entries()) {
        const field = row[5] ?? ''
        expect(field.replace(/^'(?=[=+\-@\t\r])/, '')).toBe(list[index]?.purpose)
        expect(row.filter((value) => /^[=+\-@]/.test(value))).toEqual([])
      }
    }),
    { seed: 20261128, numRuns: 300 },
  )
})
