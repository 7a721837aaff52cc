// The text before the conversation: the one the model was tuned with, or the person's own. Where the template has no place for one, it says so.
import { useId } from 'react'
import type { LibraryItem } from '../../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../../shared/model.ts'
import type { Chats } from '../../../state/chats/api.ts'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'
import { Library } from './Library.tsx'

export interface SystemPromptProps {
  readonly model: InstalledModel
  /** null: the model's own. */
  readonly text: string | null
  readonly library: readonly LibraryItem[]
  readonly chats: Pick<Chats, 'store' | 'putItem' | 'removeItem'>
  readonly onChange: (text: string | null) => void
}

export function SystemPrompt({ model, text, library, chats, onChange }: SystemPromptProps) {
  const id = useId()
  const place = systemPlace(model)
  const shown = text ?? place.text
  return (
    <section className="panel-section" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className="field-label">
        <label htmlFor={`${id}-text`}>{t('sampling.system.title')}</label>
      </h3>
      <textarea
        className="panel-text"
        rows={place.obstacle === null ? 4 : 1}
        id={`${id}-text`}
        aria-describedby={`${id}-hint`}
        disabled={place.obstacle !== null}
        value={place.obstacle === null ? shown : ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} className="field-hint">
        {place.obstacle === null
          ? `${t('sampling.system.hint')} ${whose(text, place.text)}`
          : t(`sampling.system.obstacle.${place.obstacle}`)}
      </p>
      {place.obstacle === null && text !== null ? (
        <div className="panel-line">
          <Button label={t('sampling.system.back')} onPress={() => onChange(null)} />
        </div>
      ) : null}
      {place.obstacle === null ? (
        <Library
          title={t('sampling.system.library')}
          emptyText={t('sampling.system.none')}
          nameLabel={t('sampling.system.name')}
          saveLabel={t('sampling.system.save')}
          items={library.filter(({ kind }) => kind === 'system')}
          make={shown.trim() === '' ? null : (itemId, name) => ({ kind: 'system', id: itemId, name, text: shown })}
          chats={chats}
          onUse={(item) => {
            if (item.kind === 'system') onChange(item.text)
          }}
        />
      ) : null}
    </section>
  )
}

function whose(text: string | null, tunedWith: string): string {
  if (text !== null) return t('sampling.system.own')
  return t(tunedWith === '' ? 'sampling.system.usualNone' : 'sampling.system.usual')
}

export interface SystemPlace {
  readonly obstacle: 'base' | 'old' | 'no-place' | null
  /** What the model was tuned with. */
  readonly text: string
}

/** Where a system text would go. Models that come with the app have no place for one, and their manifests are not of before. */
export function systemPlace({ bundled, manifest: { prompt } }: InstalledModel): SystemPlace {
  if (prompt.kind === 'completion') return { obstacle: 'base', text: '' }
  if (prompt.dialogue === undefined) return { obstacle: bundled ? 'no-place' : 'old', text: '' }
  if (prompt.dialogue.system === null) return { obstacle: 'no-place', text: '' }
  return { obstacle: null, text: prompt.dialogue.system.text }
}
