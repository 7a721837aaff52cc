// The commands that look for models, get them and keep them. What changes the models folder opens it for itself, does its work and closes it again.
import type { Models } from '../services/models.ts'
import type { ModelCommand } from './modelArguments.ts'
import { listModels } from './models.ts'
import { openLooker, openModelsFolder } from './openFolder.ts'
import { pull } from './pull.ts'
import { remove } from './remove.ts'
import { search } from './search.ts'
import { show } from './show.ts'
import type { Terminal } from './terminal.ts'
import { verify } from './verify.ts'

/** `hearth doctor` looks at the folder without opening it. */
type StoreCommand = Exclude<ModelCommand, { readonly kind: 'doctor' }>

export async function runModelCommand(command: StoreCommand, terminal: Terminal, signal: AbortSignal): Promise<number> {
  if (command.kind === 'search' || command.kind === 'show') {
    await using looker = openLooker(process.env)
    if (command.kind === 'search') return await search(looker, command, terminal, signal)
    return await show({ installed: await listModels(), models: looker }, command, terminal, signal)
  }
  await using models: Models = await openModelsFolder(process.env)
  switch (command.kind) {
    case 'pull':
      return await pull(models, command.options, terminal, signal)
    case 'verify':
      return await verify({ installed: await listModels(), models }, command, terminal, signal)
    case 'rm':
      return await remove({ installed: await listModels(), models }, command, terminal)
    default:
      return command satisfies never
  }
}
