// How the model in use writes in this chat. The values are kept by variant: what suits a base model does not suit a chat model.
import { useStore } from 'zustand'
import type { ChatSampling } from '../../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../../shared/model.ts'
import type { Chats, OpenConversation } from '../../../state/chats/api.ts'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'
import { Presets } from './Presets.tsx'
import { SchemaField } from './SchemaField.tsx'
import { SeedField } from './SeedField.tsx'
import { SendingFields } from './SendingFields.tsx'
import { StopsField } from './StopsField.tsx'
import { SystemPrompt } from './SystemPrompt.tsx'
import { Penalties, Values } from './Values.tsx'

export interface SamplingPanelProps {
  readonly conversation: OpenConversation
  readonly chats: Chats
  readonly model: InstalledModel | null
}

export function SamplingPanel({ conversation, chats, model }: SamplingPanelProps) {
  const chat = useStore(conversation.store, (state) => state.chat)
  const library = useStore(chats.store, (state) => state.library)
  if (chat === null || model === null) return <p className="field-hint">{t('sampling.noModel')}</p>
  const { variant } = model.manifest
  const sampling = conversation.samplingOf(variant)
  const isOwn = chat.settings.sampling[variant] !== null
  const change = (values: Partial<ChatSampling>) => conversation.setSampling(variant, { ...sampling, ...values })
  return (
    <>
      <div className="panel-line">
        <p className="field-hint">{isOwn ? t('sampling.whose.own', { variant }) : t('sampling.whose.usual')}</p>
        {isOwn ? (
          <Button label={t('sampling.backToDefaults')} onPress={() => conversation.setSampling(variant, null)} />
        ) : null}
      </div>
      <Presets variant={variant} sampling={sampling} library={library} chats={chats} onChange={change} />
      <Values sampling={sampling} manifest={model.manifest} onChange={change} />
      <SeedField seed={sampling.seed} onChange={(seed) => change({ seed })} />
      <Penalties sampling={sampling} onChange={change} />
      <StopsField stops={sampling.stopStrings} onChange={(stopStrings) => change({ stopStrings })} />
      <SchemaField
        key={`${chat.id} ${variant}`}
        schema={sampling.jsonSchema}
        onChange={(jsonSchema) => change({ jsonSchema })}
      />
      <div className="panel-field">
        <label className="check">
          <input
            type="checkbox"
            checked={sampling.keepProbabilities}
            aria-describedby="keep-hint"
            onChange={(event) => change({ keepProbabilities: event.currentTarget.checked })}
          />
          {t('sampling.keep')}
        </label>
        <p id="keep-hint" className="field-hint">
          {t('sampling.keepHint')}
        </p>
      </div>
      <SystemPrompt
        model={model}
        text={chat.settings.systemText}
        library={library}
        chats={chats}
        onChange={(systemText) => conversation.change({ systemText })}
      />
      <SendingFields
        settings={chat.settings}
        isSingleTurn={model.manifest.prompt.kind === 'turns' && model.manifest.prompt.singleTurn}
        onChange={conversation.change}
      />
    </>
  )
}
