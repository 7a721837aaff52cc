// web-llm's streaming request as one stream of chunks. Texts go the way of turns too, as a conversation of one piece: that way alone takes a grammar.
import type { CompletionUsage, MLCEngine } from '@mlc-ai/web-llm'
import type { PreparedPrompt } from './preparePrompt.ts'
import type { Sampling } from './protocol.ts'

export type Usage = CompletionUsage

export type Chunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly reason: string }
  | { readonly kind: 'usage'; readonly usage: Usage }

/** Sends the pieces as they are: fitting and neutral text are the caller's. */
export async function* request(
  engine: MLCEngine,
  { pieces }: Pick<PreparedPrompt, 'pieces'>,
  sampling: Sampling,
): AsyncGenerator<Chunk> {
  // web-llm wants the user last, whoever's words the last piece ends with.
  const messages = pieces.map(({ role, text }, index) => ({
    role: index === pieces.length - 1 ? ('user' as const) : role,
    content: text,
  }))
  const stream = await engine.chat.completions.create({
    messages,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_tokens: sampling.maxTokens,
    seed: sampling.seed,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const { choices, usage } of stream) {
    const [choice] = choices
    if (usage) yield { kind: 'usage', usage }
    else if (choice?.finish_reason) yield { kind: 'end', reason: choice.finish_reason }
    else yield { kind: 'text', text: choice?.delta.content ?? '' }
  }
}
