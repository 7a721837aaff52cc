// web-llm's two streaming requests (text and turns) as one stream of chunks.
import type { CompletionUsage, MLCEngine } from '@mlc-ai/web-llm'
import type { Prompt, Sampling } from './protocol.ts'

export type Usage = CompletionUsage

export type Chunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly reason: string }
  | { readonly kind: 'usage'; readonly usage: Usage }

/** Sends the prompt as it is: BOS, fitting and neutral text are the caller's. */
export async function* request(engine: MLCEngine, prompt: Prompt, sampling: Sampling): AsyncGenerator<Chunk> {
  const options = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_tokens: sampling.maxTokens,
    seed: sampling.seed,
    stream: true as const,
    stream_options: { include_usage: true },
  }
  if (prompt.kind === 'completion') {
    for await (const { choices, usage } of await engine.completions.create({ ...options, prompt: prompt.text })) {
      yield* chunksOf(choices[0]?.text, choices[0]?.finish_reason, usage)
    }
    return
  }
  const messages = prompt.turns.map(({ role, text }) => ({ role, content: text }))
  for await (const { choices, usage } of await engine.chat.completions.create({ ...options, messages })) {
    yield* chunksOf(choices[0]?.delta.content, choices[0]?.finish_reason, usage)
  }
}

function* chunksOf(
  text: string | null | undefined,
  reason: string | null | undefined,
  usage: Usage | null | undefined,
): Generator<Chunk> {
  if (usage) yield { kind: 'usage', usage }
  else if (reason) yield { kind: 'end', reason }
  else yield { kind: 'text', text: text ?? '' }
}
