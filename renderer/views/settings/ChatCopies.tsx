// The copies of chats: how many there are, what was removed and is still in them, and the buttons that end that.
import { useEffect, useId, useState } from 'react'
import { eraseDamaged, eraseRemoved } from '../../commands/eraseCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { dateText, numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useAll, useApp, useValue } from '../app.ts'
import { RequestProblem } from '../RequestProblem.tsx'

export function ChatCopies() {
  const app = useApp()
  const id = useId()
  useAll(app)
  const { facts, progress, failure } = useValue(app.copies.store, (state) => state)
  useEffect(() => void app.copies.read(), [app])
  const copies = facts?.copies ?? 0
  return (
    <section className="job-section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="section-title">
        {t('copies.title')}
      </h2>
      <p className="soft">{t('copies.lead')}</p>
      {facts === null ? null : (
        <FactList
          facts={[
            [t('copies.copies'), numberText(copies)],
            ...(facts.newestAtMs === null ? [] : [[t('copies.newest'), dateText(facts.newestAtMs)] as const]),
            [t('copies.removed'), facts.removed === 0 ? t('copies.none') : numberText(facts.removed)],
          ]}
        />
      )}
      <p className="page-tools">
        <Button
          label={eraseRemoved.title(app)}
          disabled={!eraseRemoved.isEnabled(app) || facts?.removed === 0}
          onPress={() => eraseRemoved.run(app)}
        />
        <span className="soft" role="status">
          {progress === 'none' ? '' : t(progress === 'erasing' ? 'copies.erasing' : 'copies.erased')}
        </span>
      </p>
      {facts === null || facts.damaged === 0 ? null : <DamagedFiles count={facts.damaged} />}
      {failure === null ? null : <RequestProblem error={failure} />}
    </section>
  )
}

function DamagedFiles({ count }: { readonly count: number }) {
  const app = useApp()
  const id = useId()
  const [isAsked, setIsAsked] = useState(false)
  return (
    <>
      <p>{t('copies.damaged', { count })}</p>
      <p className="page-tools">
        <Button
          label={t('copies.eraseDamaged')}
          disabled={!eraseDamaged.isEnabled(app)}
          onPress={() => setIsAsked(true)}
        />
      </p>
      <Dialog
        role="alertdialog"
        labelledBy={`${id}-title`}
        describedBy={`${id}-text`}
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
      >
        <h2 id={`${id}-title`} className="panel-title">
          {t('copies.question')}
        </h2>
        <p id={`${id}-text`} className="dialog-text">
          {t('copies.questionText')}
        </p>
        <div className="buttons">
          <Button label={t('shell.keepIt')} onPress={() => setIsAsked(false)} />
          <Button
            kind="alarm"
            label={t('copies.answer')}
            onPress={() => {
              setIsAsked(false)
              eraseDamaged.run(app)
            }}
          />
        </div>
      </Dialog>
    </>
  )
}
