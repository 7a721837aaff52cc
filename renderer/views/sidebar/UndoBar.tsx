// The offer to bring back what was deleted. It stays until it is used, dismissed or overtaken: no clock takes it from a slow reader.
import { Undo2, X } from 'lucide-react'
import { undoRemove } from '../../commands/openChatCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { titleOf } from './names.ts'

export function UndoBar() {
  const app = useApp()
  const removed = useValue(app.chats.store, (state) => state.removed)
  const [first] = removed
  return (
    <div className="sidebar-undo-place" role="status">
      {first === undefined ? null : (
        <div className="sidebar-undo">
          <p dir="auto">{t('sidebar.removed', { count: removed.length, title: titleOf(first) })}</p>
          <Button label={t('sidebar.undo')} icon={<Undo2 aria-hidden="true" />} onPress={() => undoRemove.run(app)} />
          <Button
            kind="icon"
            label={t('sidebar.dismiss')}
            icon={<X aria-hidden="true" />}
            onPress={() => app.chats.dismiss()}
          />
        </div>
      )}
    </div>
  )
}
