// The writing desk: what the model is, the page in the manner of its variant, what can be done, how it draws, and where it runs.
import { useApp, useValue } from '../app.ts'
import { Actions } from './Actions.tsx'
import { AdapterLine } from './AdapterLine.tsx'
import { ChatTurns } from './ChatTurns.tsx'
import { DocumentEditor } from './DocumentEditor.tsx'
import { Exchange } from './Exchange.tsx'
import { FamilySelect } from './FamilySelect.tsx'
import { Introduction } from './Introduction.tsx'
import { Notices } from './Notices.tsx'
import { SamplingPanel } from './SamplingPanel.tsx'
import { VariantSwitch } from './VariantSwitch.tsx'

const surfaces = { base: DocumentEditor, instruct: Exchange, chat: ChatTurns } as const

export function Writer() {
  const app = useApp()
  const variant = useValue(app.models, ({ selected }) => selected?.manifest.variant ?? 'base')
  const Surface = surfaces[variant]
  return (
    <div className="app">
      <main className="main">
        <div className="desk">
          <div className="models">
            <FamilySelect />
            <VariantSwitch />
          </div>
          <Introduction />
          <Notices />
          <Surface />
          <Actions />
        </div>
        <SamplingPanel />
      </main>
      <AdapterLine />
    </div>
  )
}
