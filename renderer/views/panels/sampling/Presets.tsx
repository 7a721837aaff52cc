// Sets of values under a name: those that come with the app, and a person's own.
import type { ChatSampling, LibraryItem } from '../../../../shared/chats/types.ts'
import type { Variant } from '../../../../shared/model.ts'
import type { Chats } from '../../../state/chats/api.ts'
import { t } from '../../../words/words.ts'
import { Library } from './Library.tsx'
import { builtInPresets, isInUse } from './presets.ts'

export interface PresetsProps {
  readonly variant: Variant
  readonly sampling: ChatSampling
  readonly library: readonly LibraryItem[]
  readonly chats: Pick<Chats, 'store' | 'putItem' | 'removeItem'>
  readonly onChange: (values: Partial<ChatSampling>) => void
}

export function Presets({ variant, sampling, library, chats, onChange }: PresetsProps) {
  const own = library.filter((item) => item.kind === 'preset' && item.variant === variant)
  const builtIn = builtInPresets[variant]
  const used = builtIn.find(({ values }) => isInUse(values, sampling))
  return (
    <section className="panel-section" aria-label={t('sampling.presets')}>
      <div className="panel-presets">
        {builtIn.map(({ name, reason, values }) => (
          <button
            key={name}
            type="button"
            className="preset"
            aria-pressed={used?.name === name}
            title={t(`sampling.presetReason.${reason}`)}
            onClick={() => onChange(values)}
          >
            {t(`sampling.preset.${name}`)}
          </button>
        ))}
      </div>
      {used === undefined ? null : <p className="field-hint">{t(`sampling.presetReason.${used.reason}`)}</p>}
      <Library
        title={t('sampling.ownPresets')}
        emptyText={t('sampling.noPresets')}
        nameLabel={t('sampling.presetName')}
        saveLabel={t('sampling.savePreset')}
        items={own}
        make={(id, name) => ({ kind: 'preset', id, name, variant, sampling })}
        chats={chats}
        onUse={(item) => {
          if (item.kind === 'preset') onChange(item.sampling)
        }}
      />
    </section>
  )
}
