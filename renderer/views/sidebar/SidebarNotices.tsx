// What a person has to know of the chats: a damaged file, a file of a newer Hearth, what an import took, and what failed.
import { FileInput, Network, ShieldAlert, TriangleAlert, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { plainLine } from '../../../shared/chats/export/plainLine.ts'
import type { ChatsNotice, ImportResult } from '../../../shared/chats/types.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { spokenLanguage, t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { failureText } from '../problems/problemText.ts'
import { skippedText } from './skippedText.ts'

export function SidebarNotices() {
  const { chats, exporting } = useApp()
  const { notice, failure, imported } = useValue(chats.store, (state) => state)
  const [isNoted, setIsNoted] = useState(false)
  const notExported = useValue(exporting.store, (state) => state.failure)
  return (
    <div className="sidebar-notices">
      {isNoted ? null : <FileNotice notice={notice} onDismiss={() => setIsNoted(true)} />}
      {failure === null ? null : <Failure failure={failure} onDismiss={chats.dismiss} />}
      {notExported === null ? null : <Failure failure={notExported} onDismiss={exporting.dismiss} />}
      {imported === null ? null : <Imported result={imported} onDismiss={chats.dismiss} />}
    </div>
  )
}

const recoveredKeys = {
  all: 'sidebar.recoveredAll',
  some: 'sidebar.recoveredSome',
  none: 'sidebar.recoveredNone',
} as const

interface Dismissed {
  readonly onDismiss: () => void
}

function Dismiss({ onDismiss }: Dismissed) {
  return <Button kind="icon" label={t('sidebar.dismiss')} icon={<X aria-hidden="true" />} onPress={onDismiss} />
}

function FileNotice({ notice, onDismiss }: { readonly notice: ChatsNotice } & Dismissed): ReactNode {
  switch (notice.kind) {
    case 'none':
      return null
    case 'restored': {
      const { setAside, recovered } = notice
      return (
        <Notice
          kind="problem"
          icon={<ShieldAlert aria-hidden="true" />}
          title={t('sidebar.restoredTitle')}
          action={<Dismiss onDismiss={onDismiss} />}
        >
          <p>{damageText(notice)}</p>
          <p>{t(recoveredKeys[recovered])}</p>
          {setAside === '' ? null : <p>{t('sidebar.restoredAside', { name: plainLine(setAside) })}</p>}
        </Notice>
      )
    }
    case 'read-only':
      return (
        <Notice kind="problem" icon={<ShieldAlert aria-hidden="true" />} title={t('sidebar.readOnlyTitle')}>
          <p>{t('sidebar.readOnly')}</p>
        </Notice>
      )
    case 'network-disk':
      return (
        <Notice
          kind="problem"
          icon={<Network aria-hidden="true" />}
          title={t('sidebar.networkDiskTitle')}
          action={<Dismiss onDismiss={onDismiss} />}
        >
          <p>{t('sidebar.networkDisk', { disk: plainLine(notice.disk) })}</p>
          <p>{t('sidebar.networkDiskAdvice')}</p>
        </Notice>
      )
    default:
      return notice satisfies never
  }
}

function damageText({ backupAtMs, recovered }: Extract<ChatsNotice, { kind: 'restored' }>): string {
  if (backupAtMs !== null)
    return t('sidebar.restoredFrom', { time: new Date(backupAtMs).toLocaleString(spokenLanguage()) })
  return t(recovered === 'all' ? 'sidebar.damaged' : 'sidebar.restoredNone')
}

function Failure({ failure, onDismiss }: { readonly failure: unknown } & Dismissed) {
  const { title, advice, detail } = failureText(failure)
  return (
    <Notice
      kind="problem"
      icon={<TriangleAlert aria-hidden="true" />}
      title={title}
      action={<Dismiss onDismiss={onDismiss} />}
    >
      <p>{advice}</p>
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}

function Imported({ result, onDismiss }: { readonly result: ImportResult } & Dismissed) {
  const { chats, messages, skipped } = result
  return (
    <Notice
      kind="info"
      icon={<FileInput aria-hidden="true" />}
      title={t('sidebar.imported')}
      action={<Dismiss onDismiss={onDismiss} />}
    >
      <p role="status">
        {chats === 0
          ? t('sidebar.importedNone')
          : t('sidebar.importedCount', {
              chats: t('sidebar.chats', { count: chats }),
              messages: t('sidebar.messages', { count: messages }),
            })}
      </p>
      {skipped.length === 0 ? null : (
        <>
          <p>{t('sidebar.skipped')}</p>
          <ul className="sidebar-skipped">
            {skipped.map(skippedText).map((sentence, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two chats of one title give the same sentence; the list does not change
              <li key={index} dir="auto">
                {sentence}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}
