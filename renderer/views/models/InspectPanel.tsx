// One field for models from elsewhere: publisher/name, an address, or words to search for; a folder; and what other programs keep on this computer.
import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { namesRepository } from '../../state/catalogue.ts'
import { Button } from '../../ui/Button.tsx'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { Failure } from './Failure.tsx'

export function InspectPanel() {
  const { look, chooseFolder, surroundings } = useCatalogue()
  const isOffline = useStore(surroundings, (state) => state.isOffline)
  const [text, setText] = useState('')
  const isRepository = namesRepository(text.trim())
  return (
    <section className="inspect" aria-labelledby="inspect-title">
      <h2 id="inspect-title" className="section-title">
        {t('inspect.title')}
      </h2>
      <form
        className="inspect-form"
        onSubmit={(event) => {
          event.preventDefault()
          void look(text)
        }}
      >
        <input
          className="text-field"
          aria-label={t('inspect.label')}
          aria-describedby="inspect-hint"
          placeholder={t('inspect.placeholder')}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button button-plain" aria-disabled={text.trim() === '' ? true : undefined}>
          {t(text.trim() === '' || isRepository ? 'inspect.look' : 'inspect.search')}
        </button>
        <Button
          label={t('inspect.choose')}
          icon={<FolderOpen aria-hidden="true" />}
          onPress={() => void chooseFolder()}
        />
      </form>
      <p id="inspect-hint" className="soft small">
        {t(isOffline ? 'inspect.offline' : 'inspect.hint')}
      </p>
      <ForeignModels />
    </section>
  )
}

function ForeignModels() {
  const { foreign, findForeign, inspectFolder } = useCatalogue()
  const state = useStore(foreign)
  return (
    <details
      className="foreign"
      onToggle={(event) => {
        if (event.currentTarget.open && foreign.getState().kind === 'unknown') void findForeign()
      }}
    >
      <summary>{t('inspect.foreign')}</summary>
      {state.kind === 'unknown' || state.kind === 'asking' ? (
        <p className="soft" role="status">
          {t('inspect.looking')}
        </p>
      ) : state.kind === 'failed' ? (
        <Failure error={state.error} again={() => void findForeign()} />
      ) : state.models.length === 0 ? (
        <p className="soft" role="status">
          {t('inspect.noForeign')}
        </p>
      ) : (
        <>
          <p className="soft" role="status">
            {t('inspect.foreignText', { count: state.models.length })}
          </p>
          <ul className="rows">
            {state.models.map((model) => (
              <li key={model.token} className="row">
                <span className="row-name">{model.name}</span>
                <span className="soft">
                  {t(model.kind === 'mlc' ? 'inspect.mlc' : 'inspect.cache')} · {bytesText(model.sizeBytes)}
                </span>
                <Button
                  label={t('models.lookAt')}
                  spokenLabel={t('models.lookAtSpoken', { name: model.name })}
                  onPress={() => void inspectFolder(model)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  )
}
