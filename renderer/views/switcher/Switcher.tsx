// The model switcher: installed models by typing, with what each would mean here. Enter loads, Esc closes. A model that cannot fit says its numbers and
// offers what would.
import { Command } from 'cmdk'
import { useStore } from 'zustand'
import { onDisk } from '../../state/records.ts'
import { choiceOf } from '../../state/switching.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { SwitcherItem } from './SwitcherItem.tsx'
import { SwitcherState } from './SwitcherState.tsx'

export function Switcher() {
  const { navigation } = useApp()
  const isOpen = useValue(navigation.store, (state) => state.switcherOpen)
  return (
    <Dialog labelledBy="switcher-title" className="dialog switcher" isOpen={isOpen} onClose={navigation.closeSwitcher}>
      <h2 id="switcher-title" className="visually-hidden">
        {t('switcher.title')}
      </h2>
      <Choices />
    </Dialog>
  )
}

function Choices() {
  const { models, navigation, select } = useApp()
  const management = useManagement()
  const installed = useValue(models, (state) => state.installed)
  const selected = useValue(models, (state) => state.selected)
  const known = useStore(management.records.store, (state) => state.records)
  // The machine is made of these; it is worked out anew when one of them changes.
  useStore(management.hardware.store)
  useStore(management.settings.store)
  const machine = management.machine()
  const load = (model: (typeof installed)[number]) => {
    void select(model)
    navigation.show('chat')
  }
  return (
    <Command label={t('switcher.list')} loop vimBindings={false} defaultValue={selected?.key ?? ''}>
      <Command.Input className="switcher-input" placeholder={t('switcher.placeholder')} />
      <Command.List className="switcher-list" label={t('switcher.list')}>
        <Command.Empty className="switcher-empty">{t('switcher.empty')}</Command.Empty>
        {onDisk(installed, known).map(({ model, record }) => (
          <SwitcherItem
            key={model.key}
            model={model}
            sizeBytes={record?.sizeBytes ?? null}
            choice={choiceOf(model, installed, machine)}
            isSelected={model.key === selected?.key}
            onLoad={load}
          />
        ))}
      </Command.List>
      <SwitcherState />
    </Command>
  )
}
