import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReports } from '../../../electron/launch/reports.ts'
import { reportLine } from '../../../electron/runMode.ts'
import type { RunReport } from '../../../shared/ipc.ts'

const report: fc.Arbitrary<RunReport> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'grapheme' }) }),
  fc.record({ kind: fc.constant('notice' as const), text: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('failed' as const), message: fc.string() }),
)
const noise = fc.string().map((text) => text.replaceAll('\u001e', '').replaceAll('\n', ' '))

test('reports survive any split of the stream into chunks and any lines of Chromium between them', async () => {
  const lines = fc.array(fc.oneof(report, noise), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (mixed, sizes) => {
      const text = mixed.map((line) => (typeof line === 'string' ? `${line}\n` : reportLine(line))).join('')
      expect(await collect(split(new TextEncoder().encode(text), sizes))).toEqual(
        mixed.filter((line) => typeof line !== 'string'),
      )
    }),
    { verbose: true },
  )
})

test('a report with fields nobody agreed on is refused', async () => {
  const bytes = new TextEncoder().encode('\u001eHEARTH {"kind":"text","text":"a","path":"/etc"}\n')
  await expect(collect(split(bytes, [5]))).rejects.toThrow(/path/)
})

async function* split(bytes: Uint8Array, sizes: readonly number[]) {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(start, start + size)
    start += size
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<readonly RunReport[]> {
  const reports: RunReport[] = []
  for await (const item of readReports(chunks)) reports.push(item)
  return reports
}
