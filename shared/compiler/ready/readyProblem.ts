// Whether weights in MLC's form run here, before anything large is fetched: from the configuration beside them.
import { CompileError } from '../../errors.ts'
import { chatConfigFile } from '../chatConfig.ts'
import { publishedModel } from './publishedConfig.ts'

/** null: they run. Else why not, in a sentence. `published`: a parsed mlc-chat-config.json. */
export function readyProblem(published: unknown): string | null {
  try {
    publishedModel(published)
    return null
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.message.slice(error.message.startsWith(`${chatConfigFile}: `) ? chatConfigFile.length + 2 : 0)
  }
}
