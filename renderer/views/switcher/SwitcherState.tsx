// What the model in use is doing, at the foot of the switcher.
import { shortcutText } from '../../commands/command.ts'
import { Progress } from '../../ui/Progress.tsx'
import { t } from '../../words/words.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { loadText } from '../loadWords.ts'
import { problemText } from '../problems/problemText.ts'

export function SwitcherState() {
  const { models } = useApp()
  const { status, selected } = useValue(models, (state) => state)
  const title = selected?.manifest.title ?? t('shell.noModel')
  return (
    <div className="switcher-state">
      {status.kind === 'loading' ? (
        <Progress label={`${title}: ${loadText(status)}`} fraction={status.fraction > 0 ? status.fraction : null} />
      ) : status.kind === 'failed' ? (
        <p>
          {title}: {problemText(status.problem).title}
        </p>
      ) : (
        <p className="soft">
          <kbd>{shortcutText({ key: 'Enter' }, isMac)}</kbd> {t('switcher.loads')} ·{' '}
          <kbd>{shortcutText({ key: 'Escape' }, isMac)}</kbd> {t('switcher.closes')}
        </p>
      )}
    </div>
  )
}
