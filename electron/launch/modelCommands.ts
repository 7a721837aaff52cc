// The commands that look for models, get them and keep them: each opens the models folder, does its work and closes it again.
import type { Models } from '../services/models.ts'
import type { ModelCommand } from './modelArguments.ts'
import { listModels } from './models.ts'
import { openModelsFolder } from './openFolder.ts'
import { pull } from './pull.ts'
import { remove } from './remove.ts'
import { search } from './search.ts'
import { show } from './show.ts'
import type { Terminal } from './terminal.ts'
import { verify } from './verify.ts'

/** `hearth doctor` looks at the folder without opening it. */
type StoreCommand = Exclude<ModelCommand, { readonly kind: 'doctor' }>

export async function runModelCommand(command: StoreCommand, terminal: Terminal, signal: AbortSignal): Promise<number> {
  await using models: Models = await openModelsFolder(process.env)
  switch (command.kind) {
    case 'search':
      return await search(models, command, terminal, signal)
    case 'show':
      return await show({ installed: await listModels(), models }, command, terminal, signal)
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
