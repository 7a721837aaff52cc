// The buttons that open and close what stands beside the conversation.
import { Columns3, SlidersHorizontal, WholeWord } from 'lucide-react'
import { toggleCompare, toggleSampling, toggleTokens } from '../../commands/togglePanel.ts'
import { CommandButton } from '../CommandButton.tsx'

export function PanelButtons() {
  return (
    <div className="panel-buttons">
      <CommandButton kind="icon" command={toggleSampling} icon={<SlidersHorizontal aria-hidden="true" />} />
      <CommandButton kind="icon" command={toggleTokens} icon={<WholeWord aria-hidden="true" />} />
      <CommandButton kind="icon" command={toggleCompare} icon={<Columns3 aria-hidden="true" />} />
    </div>
  )
}
