// web-llm's streaming request as one stream of chunks. Texts go the way of turns too, as a conversation of one piece: that way alone takes a grammar.
import type { ChatCompletionRequestStreaming, CompletionUsage, MLCEngine } from '@mlc-ai/web-llm'
import { InferenceError } from './inferenceError.ts'
import { schemaObstacle } from './jsonSchema.ts'
import type { PreparedPrompt } from './preparePrompt.ts'
import type { Problem, Sampling } from './protocol.ts'

export type Usage = CompletionUsage

export type Chunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly reason: string }
  | { readonly kind: 'usage'; readonly usage: Usage }

/** Sends the pieces as they are: fitting and neutral text are the caller's. Throws InferenceError where what web-llm throws has a name here. */
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
  const options = requestOptions(sampling)
  try {
    const stream = await engine.chat.completions.create({ messages, ...options })
    for await (const { choices, usage } of stream) {
      const [choice] = choices
      if (usage) yield { kind: 'usage', usage }
      else if (choice?.finish_reason) yield { kind: 'end', reason: choice.finish_reason }
      else yield { kind: 'text', text: choice?.delta.content ?? '' }
    }
  } catch (error) {
    const problem = knownProblem(error, sampling)
    throw problem === null ? error : new InferenceError(problem)
  }
}

/** What is at its usual value is not mentioned: each of them costs a launch per token. */
function requestOptions(sampling: Sampling): Omit<ChatCompletionRequestStreaming, 'messages'> {
  const { frequencyPenalty = 0, presencePenalty = 0, repetitionPenalty = 1 } = sampling
  const { stopStrings = [], jsonSchema = null, alternatives = 0 } = sampling
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_tokens: sampling.maxTokens,
    seed: sampling.seed,
    stream: true,
    stream_options: { include_usage: true },
    ...((frequencyPenalty !== 0 || presencePenalty !== 0) && {
      frequency_penalty: frequencyPenalty,
      presence_penalty: presencePenalty,
    }),
    ...(repetitionPenalty !== 1 && { repetition_penalty: repetitionPenalty }),
    ...(stopStrings.length > 0 && { stop: [...stopStrings] }),
    ...(jsonSchema !== null && {
      response_format: { type: 'json_object' as const, schema: checkedSchema(jsonSchema) },
    }),
    ...(alternatives > 0 && { logprobs: true, top_logprobs: alternatives }),
  }
}

/** The schema's text; of an empty one that of any JSON. */
function checkedSchema(schema: string): string {
  if (schema.trim() === '') return '{}'
  const obstacle = refused.get(schema) ?? obstacleIn(schema)
  if (obstacle !== null) throw new InferenceError({ code: 'bad-schema', detail: obstacle })
  return schema
}

/** Asked a second time for what it could not compile, the compiler inside web-llm never answers. */
const refused = new Map<string, string>()

function obstacleIn(schema: string): string | null {
  try {
    return schemaObstacle(JSON.parse(schema))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function knownProblem(error: unknown, { jsonSchema }: Sampling): Problem | null {
  if (!(error instanceof Error)) return null
  if (error.name === 'GrammarMatcherInitError') {
    refused.set(jsonSchema ?? '', error.message)
    return { code: 'bad-schema', detail: error.message }
  }
  // The sampling kernels answer -1 where a logit is NaN or infinite.
  if (error.message.includes('failed to sample a valid token'))
    return { code: 'not-a-number', detail: 'the logits of the next token hold NaN or infinity' }
  return null
}
