// What was sent for an answer, in tokens. Only the model that it was sent to has the tokenizer.
import type { StoreApi } from 'zustand/vanilla'
import type { AnswerRecord } from '../../shared/chats/types.ts'
import type { Engine } from '../inference/engine.ts'
import type { InspectedPrompt } from '../inference/protocol.ts'
import type { ModelsState } from './models.ts'

/** null while another model is in use, or none is ready. */
export function createInspectRecord({
  engine,
  models,
}: {
  readonly engine: Pick<Engine, 'inspect'>
  readonly models: StoreApi<ModelsState>
}) {
  return async ({ prompt, sampling, writer }: AnswerRecord): Promise<InspectedPrompt | null> => {
    const { selected, status } = models.getState()
    if (status.kind !== 'ready' || selected?.key !== writer.key) return null
    return engine.inspect({ kind: 'exact', prompt }, sampling.maxTokens, new AbortController().signal)
  }
}
