// One field for models from elsewhere: publisher/name, an address, or words to search for; a folder; and what other programs keep on this computer.
import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { formatBytes, formatCount } from '../../../shared/units.ts'
import { namesRepository } from '../../state/catalogue.ts'
import { Button } from '../../ui/Button.tsx'
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
        A model from elsewhere
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
          aria-label="Repository, address or words to search for"
          aria-describedby="inspect-hint"
          placeholder="publisher/name, an address, or words to search for"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button button-plain" aria-disabled={text.trim() === '' ? true : undefined}>
          {text.trim() === '' || isRepository ? 'Look at it' : 'Search'}
        </button>
        <Button label="Choose folder…" icon={<FolderOpen aria-hidden="true" />} onPress={() => void chooseFolder()} />
      </form>
      <p id="inspect-hint" className="soft small">
        {isOffline
          ? 'Offline mode is on: folders of this computer can be looked at, repositories cannot.'
          : 'Hearth reads its configuration and list of files and says what it is, before anything is downloaded. A folder can also be dropped anywhere here.'}
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
      <summary>On this computer</summary>
      {state.kind === 'unknown' || state.kind === 'asking' ? (
        <p className="soft" role="status">
          Looking …
        </p>
      ) : state.kind === 'failed' ? (
        <Failure error={state.error} again={() => void findForeign()} />
      ) : state.models.length === 0 ? (
        <p className="soft" role="status">
          No models of other programs were found.
        </p>
      ) : (
        <>
          <p className="soft" role="status">
            {formatCount(state.models.length, 'model')} of other programs. They are read where they are and never
            changed.
          </p>
          <ul className="rows">
            {state.models.map((model) => (
              <li key={model.token} className="row">
                <span className="row-name">{model.name}</span>
                <span className="soft">
                  {model.kind === 'mlc' ? 'MLC weights' : 'Hugging Face cache'} · {formatBytes(model.sizeBytes)}
                </span>
                <Button
                  label="Look at it"
                  spokenLabel={`Look at it: ${model.name}`}
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
