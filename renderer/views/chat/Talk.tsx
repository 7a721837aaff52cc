// The chat area: what should be known now, the conversation or the text in the manner of the variant, where it is written, and where the model runs.
import { useApp, useValue } from '../app.ts'
import { AdapterLine } from './AdapterLine.tsx'
import { DocumentDesk } from './DocumentDesk.tsx'
import { FamilyRow } from './FamilyRow.tsx'
import { Notices } from './Notices.tsx'
import { OpenContext } from './OpenContext.tsx'
import { OpenScaffold } from './OpenScaffold.tsx'
import { OpenTreatment } from './OpenTreatment.tsx'
import { PanelButtons } from './PanelButtons.tsx'
import { ThreadDesk } from './ThreadDesk.tsx'
import { TurnComposer } from './TurnComposer.tsx'

export function Talk() {
  const app = useApp()
  const variant = useValue(app.models, ({ selected }) => selected?.manifest.variant ?? 'base')
  return (
    <div className="talk">
      <main className="talk-main">
        <Notices />
        <OpenTreatment />
        {variant === 'base' ? <DocumentDesk /> : <ThreadDesk />}
        <div className="talk-foot">
          <div className="talk-row">
            <FamilyRow />
            <PanelButtons />
            {variant === 'base' ? <OpenScaffold /> : null}
          </div>
          {variant === 'base' ? null : <TurnComposer kind={variant} />}
          <OpenContext />
        </div>
      </main>
      <AdapterLine />
    </div>
  )
}
