// npm run truth: prints the truth table and exits with 1 when a row falls short. Chromium runs the library its adapter would be given; the others run on
// Dawn in a process of their own (`--node`), where an adapter with shader-f16 can be had.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { findChromium } from '../../electron/launch/chromium.ts'
import { provideHalfPrecision } from '../../electron/launch/halfPrecision.ts'
import { hasHardwareAdapter } from '../../electron/services/adapter.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { readCases } from './cases.ts'
import { nodeRunner, openChromiumRunner } from './runners.ts'
import { type TruthRow, type TruthRunner, truthRows } from './runTruth.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const columns = ['case', 'weights', 'library', 'max abs error', 'ids equal', 'hashes equal', ''] as const
const widths = [26, 9, 9, 14, 10, 13, 0]

function printLine(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(' ')
      .trimEnd()}\n`,
  )
}

function printRow(row: TruthRow): void {
  const yesNo = (value: boolean | null) => (value === null ? '-' : value ? 'yes' : 'NO')
  printLine([
    row.name,
    row.format,
    row.target,
    row.maxAbsError.toExponential(2),
    yesNo(row.idsEqual),
    yesNo(row.hashesEqual),
    row.passed ? '' : `FAILED (tolerance ${row.tolerance})`,
  ])
  for (const remark of row.remarks) printLine([`  ${remark}`])
}

/** Words of the command line choose cases by part of their name; all without any. */
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const chosen = ({ name }: { readonly name: string }) => words.length === 0 || words.some((word) => name.includes(word))

async function printTable(runner: TruthRunner): Promise<boolean> {
  const all = await readCases()
  const cases = all.cases.filter(chosen)
  const skipped = all.skipped.filter(chosen)
  if (cases.length === 0) throw new Error('no reference case found')
  printLine(columns)
  let passed = true
  for await (const row of truthRows(cases, runner)) {
    printRow(row)
    passed &&= row.passed
  }
  for (const { name, expectedQuantized } of cases) {
    if (expectedQuantized === null) printLine([name, 'q4f32_1 skipped: no expected.q4f32_1.json'])
  }
  for (const { name, reason } of skipped) printLine([name, `skipped: ${reason}`])
  return passed
}

async function main(): Promise<number> {
  if (process.argv.includes('--node')) {
    // web-llm tells at every load which limits it did not get; the table stands alone.
    console.log = () => {}
    return (await printTable(nodeRunner())) ? 0 : 1
  }
  const hardware = hasHardwareAdapter()
  const dawn = await provideHalfPrecision({ say })
  const flags = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--enable-unsafe-webgpu',
    ...(hardware ? [] : ['--use-webgpu-adapter=swiftshader']),
  ]
  const targets: readonly LibraryTarget[] =
    hardware || dawn.kind === 'missing' ? ['portable', 'software'] : ['software']
  // Beside Chromium: each of them leaves a processor core idle half of the time. Its table is printed behind the other.
  const child = dawn.kind === 'missing' ? null : startNodeTable(dawn.env)
  await using runner = await openChromiumRunner(await findChromium({ say }), flags, targets)
  const passed = await printTable(runner)
  if (dawn.kind === 'missing' || child === null) {
    if (dawn.kind === 'missing') say(`half library not run: ${dawn.reason}`)
    return passed ? 0 : 1
  }
  const { table, hasPassed } = await child
  process.stdout.write(table)
  return passed && hasPassed ? 0 : 1
}

async function startNodeTable(dawnEnvironment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--node', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...dawnEnvironment },
  })
  const [table, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { table, hasPassed: code === 0 }
}

process.exit(await main())
