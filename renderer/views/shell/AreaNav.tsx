// The areas at the side, always seen.
import { Boxes, PenLine, Settings2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { areaCommands } from '../../commands/showArea.ts'
import type { Area } from '../../state/navigation.ts'
import { NavButton } from '../../ui/NavButton.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useShownKeys } from '../keys.ts'

const areas: readonly { readonly area: Area; readonly icon: ReactNode }[] = [
  { area: 'chat', icon: <PenLine aria-hidden="true" /> },
  { area: 'models', icon: <Boxes aria-hidden="true" /> },
  { area: 'settings', icon: <Settings2 aria-hidden="true" /> },
]

export function AreaNav() {
  const app = useApp()
  const current = useValue(app.navigation.store, (state) => state.area)
  const shownKeys = useShownKeys()
  return (
    <nav className="rail" aria-label={t('shell.areas.label')}>
      {areas.map(({ area, icon }) => {
        const command = areaCommands[area]
        const { aria } = shownKeys(command)
        return (
          <NavButton
            key={area}
            label={command.title(app)}
            icon={icon}
            isCurrent={area === current}
            {...(aria === undefined ? {} : { keyShortcut: aria })}
            onPress={() => command.run(app)}
          />
        )
      })}
    </nav>
  )
}
