// Runs around the app tier (globalSetup in vitest.config.ts): every app that a test launches is launched offline unless the test has a Hub on this computer
// for it, and when the last has ended no socket and no look-up of any of them may stand in the records. The figures are printed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppRecord, offences, readRecords, recordsVariable } from './socketRecord.ts'

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-sockets-'))
  // The processes that the tests run in inherit it.
  process.env[recordsVariable] = folder
  return () => {
    try {
      const records = readRecords(folder)
      const found = records.flatMap(problemsOf)
      process.stdout.write(`\n${summary(records)}\n${found.map((problem) => `hearth: ${problem}\n`).join('')}`)
      // vitest only writes what a teardown throws.
      if (found.length > 0) process.exitCode = 1
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function problemsOf(record: AppRecord): readonly string[] {
  const uncounted = record.node.length === 0 ? ['a launched app was not counted: the counter did not load'] : []
  return [...uncounted, ...offences(record).map((text) => `${record.hub === null ? 'offline' : 'with a Hub'}: ${text}`)]
}

/** A line for the apps launched offline, for those whose page a test made try to get out, and for the others, which show that the counters count. */
function summary(records: readonly AppRecord[]): string {
  const offline = records.filter(({ hub, isAttacked }) => hub === null && !isAttacked)
  const attacked = records.filter(({ isAttacked }) => isAttacked)
  const others = records.filter(({ hub }) => hub !== null)
  return [
    `hearth: offline: ${figures(offline)}`,
    `hearth: offline and made to try: ${figures(attacked)}, stopped attempts among them`,
    `hearth: with a Hub on this computer: ${figures(others)}`,
  ].join('\n')
}

function figures(records: readonly AppRecord[]): string {
  const node = records.flatMap((record) => record.node)
  const logs = records.flatMap(({ chromium }) => chromium ?? [])
  const started = node.filter(({ kind }) => kind === 'started').length
  const lookups = node.filter(({ kind }) => kind === 'lookup').length + logs.flatMap((log) => log.lookups).length
  const sockets =
    node.filter(({ kind }) => kind !== 'started' && kind !== 'lookup').length +
    logs.flatMap((log) => log.connects).length
  return (
    `${records.length} apps (${started} Node processes and threads counted, ${logs.length} logs of Chromium), ` +
    `${sockets} sockets, ${lookups} lookups`
  )
}
