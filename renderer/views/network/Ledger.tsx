// Every request that Hearth ever sent, for the person to read and to take along.
import { Copy, RotateCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { LedgerEntry } from '../../../shared/network.ts'
import { formatBytes, formatDuration } from '../../../shared/units.ts'
import { ledgerCsv } from '../../state/network.ts'
import { Button } from '../../ui/Button.tsx'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { RequestProblem } from '../RequestProblem.tsx'

export function Ledger() {
  const { network } = useManagement()
  const { entries, status, hasMore } = useStore(network.store)
  useEffect(() => void network.read(), [network])
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>Network ledger</PageTitle>
        <p className="lead">
          This is every request that Hearth has ever sent. There is no telemetry, no update check and no account: when
          this list is empty, nothing has left this computer.
        </p>
        <div className="page-tools">
          <Button
            label="Read again"
            icon={<RotateCw aria-hidden="true" />}
            disabled={status.kind === 'asking'}
            onPress={() => void network.read()}
          />
          <CopyLedger />
        </div>
      </header>
      {status.kind === 'failed' ? <RequestProblem error={status.error} again={() => void network.read()} /> : null}
      {status.kind === 'known' && entries.length === 0 ? (
        <div className="empty-state">
          <p>No request was ever made.</p>
        </div>
      ) : null}
      {entries.length === 0 ? null : (
        // The table is wider than a small window: it scrolls by itself, and with the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable
        <section className="table-scroll" aria-label="Requests" tabIndex={0}>
          <table className="ledger">
            <thead>
              <tr>
                {['Time', 'Host', 'What for', 'Received', 'Answer', 'Token'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Row key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {hasMore ? (
        <p className="page-tools">
          <Button label="Older requests" disabled={status.kind === 'asking'} onPress={() => void network.readMore()} />
        </p>
      ) : null}
    </div>
  )
}

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

function Row({ entry }: { readonly entry: LedgerEntry }) {
  const { startedAtMs, host, method, path, purpose, receivedBytes, withToken, problem } = entry
  return (
    <tr>
      <td>
        <time dateTime={new Date(startedAtMs).toISOString()}>{times.format(startedAtMs)}</time>
      </td>
      <td>{host}</td>
      <td className="purpose">
        {purpose}
        <code className="ledger-path">
          {method} {path}
        </code>
      </td>
      <td className="number">{formatBytes(receivedBytes)}</td>
      <td>
        <span className="answer">{answerWords(entry)}</span>
        {problem === null ? null : <span className="ledger-path">{problem}</span>}
      </td>
      <td>{withToken ? 'sent along' : 'no'}</td>
    </tr>
  )
}

/** The status and how long it took. */
export function answerWords({ status, problem, durationMs }: LedgerEntry): string {
  const answer = status === null ? (problem === null && durationMs === null ? 'goes on' : 'none') : String(status)
  return durationMs === null ? answer : `${answer} after ${formatDuration(durationMs)}`
}

function CopyLedger() {
  const { network, copyText } = useManagement()
  const [outcome, setOutcome] = useState('')
  const copy = async () => {
    setOutcome('Reading all of it …')
    try {
      const all = await network.readAll(new AbortController().signal)
      await copyText(ledgerCsv(all))
      setOutcome(all.length === 1 ? '1 request copied.' : `${all.length} requests copied.`)
    } catch {
      setOutcome('It could not be copied.')
    }
  }
  return (
    <>
      <Button label="Copy all as CSV" icon={<Copy aria-hidden="true" />} onPress={() => void copy()} />
      <span className="soft" aria-live="polite">
        {outcome}
      </span>
    </>
  )
}
