// Every request that Hearth ever sent, for the person to read and to take along.
import { Copy, RotateCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { LedgerEntry } from '../../../shared/network.ts'
import { ledgerCsv } from '../../state/network.ts'
import { Button } from '../../ui/Button.tsx'
import { bytesText, dateText, durationText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { RequestProblem } from '../RequestProblem.tsx'
import { purposeText } from './purposeText.ts'

export function Ledger() {
  const { network } = useManagement()
  const { entries, status, hasMore } = useStore(network.store)
  useEffect(() => void network.read(), [network])
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>{t('network.title')}</PageTitle>
        <p className="lead">{t('network.lead')}</p>
        <div className="page-tools">
          <Button
            label={t('network.again')}
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
          <p>{t('network.empty')}</p>
        </div>
      ) : null}
      {entries.length === 0 ? null : (
        // The table is wider than a small window: it scrolls by itself, and with the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable
        <section className="table-scroll" aria-label={t('network.requests')} tabIndex={0}>
          <table className="ledger">
            <thead>
              <tr>
                {(['time', 'host', 'purpose', 'received', 'answer', 'token'] as const).map((name) => (
                  <th key={name} scope="col">
                    {t(`network.columns.${name}`)}
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
          <Button
            label={t('network.older')}
            disabled={status.kind === 'asking'}
            onPress={() => void network.readMore()}
          />
        </p>
      ) : null}
    </div>
  )
}

function Row({ entry }: { readonly entry: LedgerEntry }) {
  const { startedAtMs, host, method, path, purpose, receivedBytes, withToken, problem } = entry
  return (
    <tr>
      <td>
        <time dateTime={new Date(startedAtMs).toISOString()}>{dateText(startedAtMs, 'short')}</time>
      </td>
      <td>{host}</td>
      <td className="purpose">
        {purposeText(purpose)}
        <code className="ledger-path">
          {method} {path}
        </code>
      </td>
      <td className="number">{bytesText(receivedBytes)}</td>
      <td>
        <span className="answer">{answerWords(entry)}</span>
        {problem === null ? null : <span className="ledger-path">{problem}</span>}
      </td>
      <td>{t(withToken ? 'network.withToken' : 'network.withoutToken')}</td>
    </tr>
  )
}

/** The status and how long it took. */
export function answerWords({ status, problem, durationMs }: LedgerEntry): string {
  const answer =
    status === null ? t(problem === null && durationMs === null ? 'network.goesOn' : 'network.none') : String(status)
  return durationMs === null ? answer : t('network.after', { answer, duration: durationText(durationMs) })
}

function CopyLedger() {
  const { network, copyText } = useManagement()
  const [outcome, setOutcome] = useState('')
  const copy = async () => {
    setOutcome(t('network.reading'))
    try {
      const all = await network.readAll(new AbortController().signal)
      await copyText(ledgerCsv(all))
      setOutcome(t('network.copied', { count: all.length }))
    } catch {
      setOutcome(t('network.notCopied'))
    }
  }
  return (
    <>
      <Button label={t('network.copy')} icon={<Copy aria-hidden="true" />} onPress={() => void copy()} />
      <span className="soft" aria-live="polite">
        {outcome}
      </span>
    </>
  )
}
