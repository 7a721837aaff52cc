// What can be done with an installed model.
import { formatBytes } from '../../shared/units.ts'
import type { ModelOnDisk } from '../state/records.ts'
import type { ItemCommand, Question } from './itemCommand.ts'

const use: ItemCommand<ModelOnDisk> = {
  id: 'models.use',
  title: () => 'Open in the chat',
  shortcut: null,
  isEnabled: () => true,
  run: ({ app }, { model }) => {
    app.navigation.show('chat')
    if (app.models.getState().selected?.key !== model.key) void app.select(model)
  },
}

const verify: ItemCommand<ModelOnDisk> = {
  id: 'models.verify',
  title: () => 'Verify now',
  shortcut: { key: 'v' },
  isEnabled: () => true,
  run: ({ records }, { model }) => void records.verify(model.key),
}

const repair: ItemCommand<ModelOnDisk> = {
  id: 'models.repair',
  title: () => 'Repair',
  shortcut: { key: 'r' },
  isEnabled: ({ record }) => record !== null && record.damage.length > 0,
  run: ({ records }, { model }) => void records.repair(model.key),
}

const reveal: ItemCommand<ModelOnDisk> = {
  id: 'models.reveal',
  title: () => 'Show in folder',
  shortcut: { key: 'f' },
  isEnabled: () => true,
  run: ({ records }, { model }) => void records.reveal(model.key),
}

const remove: ItemCommand<ModelOnDisk> = {
  id: 'models.remove',
  title: () => 'Delete',
  shortcut: { key: 'Delete' },
  isEnabled: ({ model }) => !model.bundled,
  question: removeQuestion,
  run: ({ records }, { model }) => void records.remove(model.key, model.manifest.title),
}

export const modelCommands = { use, verify, repair, reveal, remove } as const

function removeQuestion({ model, record }: ModelOnDisk): Question {
  const { title } = model.manifest
  if (record?.place === 'in-place')
    return {
      title: `Take ${title} out of the list?`,
      text: `Its weights belong to another program and stay where they are. ${freed(record.ownBytes)}`,
      answer: 'Take it out',
    }
  const shared = record === null ? 0 : record.sizeBytes - record.ownBytes
  const words = record === null ? '' : freed(record.ownBytes)
  const kept =
    shared > 0 ? ` ${formatBytes(shared)} are shared with other models and stay until no model uses them.` : ''
  return {
    title: `Delete ${title}?`,
    text: `${words}${kept} Getting it back means downloading or compiling it again.`.trim(),
    answer: 'Delete',
  }
}

function freed(bytes: number): string {
  return `${formatBytes(bytes)} of the disk become free.`
}
