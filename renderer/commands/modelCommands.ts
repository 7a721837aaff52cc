// What can be done with an installed model.
import type { ModelOnDisk } from '../state/records.ts'
import { bytesText } from '../words/units.ts'
import { t } from '../words/words.ts'
import type { ItemCommand, Question } from './itemCommand.ts'

const use: ItemCommand<ModelOnDisk> = {
  id: 'models.use',
  title: () => t('installed.actions.use'),
  shortcut: null,
  isEnabled: () => true,
  run: ({ app }, { model }) => {
    app.navigation.show('chat')
    if (app.models.getState().selected?.key !== model.key) void app.select(model)
  },
}

const verify: ItemCommand<ModelOnDisk> = {
  id: 'models.verify',
  title: () => t('installed.actions.verify'),
  shortcut: { key: 'v' },
  isEnabled: () => true,
  run: ({ records }, { model }) => void records.verify(model.key),
}

const repair: ItemCommand<ModelOnDisk> = {
  id: 'models.repair',
  title: () => t('installed.actions.repair'),
  shortcut: { key: 'r' },
  isEnabled: ({ record }) => record !== null && record.damage.length > 0,
  run: ({ records }, { model }) => void records.repair(model.key),
}

const reveal: ItemCommand<ModelOnDisk> = {
  id: 'models.reveal',
  title: () => t('installed.actions.reveal'),
  shortcut: { key: 'f' },
  isEnabled: () => true,
  run: ({ records }, { model }) => void records.reveal(model.key),
}

const remove: ItemCommand<ModelOnDisk> = {
  id: 'models.remove',
  title: () => t('installed.actions.remove'),
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
      title: t('installed.takeOutTitle', { title }),
      text: t('installed.takeOutText', { freed: freed(record.ownBytes) }),
      answer: t('installed.takeOutAnswer'),
    }
  const shared = record === null ? 0 : record.sizeBytes - record.ownBytes
  const words = record === null ? '' : freed(record.ownBytes)
  const kept = shared > 0 ? t('installed.removeShared', { size: bytesText(shared) }) : ''
  return {
    title: t('installed.removeTitle', { title }),
    text: [words, kept, t('installed.removeText')].filter((part) => part !== '').join(' '),
    answer: t('installed.removeAnswer'),
  }
}

function freed(bytes: number): string {
  return t('installed.freed', { size: bytesText(bytes) })
}
