// What web-llm's engine keeps to itself and this app needs: the tokenizer, the ids of the reply so far, and the probabilities of each step. This file (and
// no other) touches members that its types call private. Their shape is checked: an update that changes them fails at load, with a name.
import type { MLCEngine } from '@mlc-ai/web-llm'
import type { Tokenizer } from './tokenizer.ts'

export interface Step {
  /** The id that was drawn; the one that stops the reply is a step too. */
  readonly id: number
  /** Of every id, after temperature and penalties. */
  readonly probabilities: ArrayLike<number>
}

export interface Pipeline {
  readonly tokenizer: Tokenizer
  /** The ids of the latest reply so far, without the one that stops it. */
  readonly outputIds: () => readonly number[]
  /** Told of each step of requests that ask for log probabilities. */
  onStep: (step: Step, alternatives: number) => void
}

interface Members {
  readonly tokenizer: Tokenizer
  readonly outputIds: readonly number[]
  readonly logitsOnCPU: { toArray(): ArrayLike<number> } | undefined
  readonly tokenLogprobArray: readonly unknown[]
  getTokenLogprob(id: number, count: number): unknown
  readonly grammarCompiler: GrammarCompiler | undefined
}

/** Of a loaded model. */
export function pipelineOf(engine: MLCEngine, modelId: string): Pipeline {
  const pipelines = (engine as unknown as { readonly loadedModelIdToPipeline?: Map<string, unknown> })
    .loadedModelIdToPipeline
  const members = pipelines instanceof Map ? pipelines.get(modelId) : undefined
  if (!hasMembers(members)) throw new Error('this web-llm keeps its tokenizer and its steps elsewhere than 0.2.86 does')
  const pipeline: Pipeline = {
    tokenizer: members.tokenizer,
    outputIds: () => members.outputIds,
    onStep: () => {},
  }
  // Its own entries name tokens by their decoded text, from which the id cannot be told, and leave out the space that decoding drops.
  Object.defineProperty(members, 'getTokenLogprob', {
    value: (id: number, alternatives: number) => {
      pipeline.onStep({ id, probabilities: members.logitsOnCPU?.toArray() ?? [] }, alternatives)
      return { token: '', bytes: [], logprob: 0, top_logprobs: [] }
    },
  })
  limitWhiteSpace(members)
  return pipeline
}

function hasMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null) return false
  const { tokenizer, outputIds, tokenLogprobArray, getTokenLogprob } = value as Partial<Members>
  return (
    Array.isArray(outputIds) &&
    Array.isArray(tokenLogprobArray) &&
    typeof getTokenLogprob === 'function' &&
    typeof tokenizer?.encode === 'function' &&
    typeof tokenizer.decode === 'function' &&
    typeof tokenizer.idToToken === 'function'
  )
}

/** Characters of white space between two parts of a JSON text: enough for an indented one. */
const mostWhiteSpace = 16

/**
 * xgrammar allows white space without end between the parts of a JSON text, and small models write nothing else then. Its compiler takes a limit, which
 * web-llm does not pass on.
 */
function limitWhiteSpace(members: Members): void {
  let compiler: GrammarCompiler | undefined
  Object.defineProperty(members, 'grammarCompiler', {
    get: () => compiler,
    set: (made: GrammarCompiler | undefined) => {
      compiler = made
      if (made === undefined) return
      const compile = made.compileJSONSchema.bind(made)
      made.compileJSONSchema = (schema) => compile(schema, true, 2, undefined, true, mostWhiteSpace)
    },
  })
}

interface GrammarCompiler {
  compileJSONSchema(
    schema: string,
    anyWhiteSpace?: boolean,
    indent?: number,
    separators?: readonly [string, string],
    strict?: boolean,
    mostWhiteSpace?: number,
  ): Promise<unknown>
}
