// Which ready-made weights of the catalogue run here, from their names alone: offline, before anything is asked of a Hub. An inspection of the repository says
// it again from its configuration.
import { originalName } from '../compiler/ready/publishedName.ts'
import type { ReadyWeights } from './types.ts'

/** Names of originals -> their architecture, where it is none that the compiler knows. The first that fits counts. */
const unknownArchitectures: readonly (readonly [name: RegExp, architecture: string])[] = [
  [/^deepseek-r1-distill-qwen/, 'Qwen 2'],
  [/^qwen3\.5/, 'Qwen 3.5'],
  [/^qwen3/, 'Qwen 3'],
  [/^qwen2/, 'Qwen 2'],
  [/^gemma/, 'Gemma'],
  [/^olmo/, 'OLMo'],
  [/^ministral/, 'Ministral 3'],
  [/^phi-3\.5-vision/, 'Phi 3 with images'],
  [/^phi-?[34]/, 'Phi 3'],
  [/^snowflake-arctic-embed/, 'BERT, which turns texts into vectors and writes none'],
]

/** null: they run. Else why not, in a sentence. */
export function readyWeightsProblem({ repository }: Pick<ReadyWeights, 'repository'>): string | null {
  const name = originalName(repository).toLowerCase()
  const architecture = unknownArchitectures.find(([pattern]) => pattern.test(name))?.[1]
  if (architecture !== undefined) return `Its architecture is ${architecture}, which is not among those that run here.`
  const format = /-(q\d[a-z]\w*?)(?:-|$)/i.exec(repository)?.[1]
  if (format !== undefined && !/^(q4f(16|32)_1|q0f(16|32))$/i.test(format))
    return `Its weights are in ${format}; those in q4f16_1, q4f32_1, q0f32 and q0f16 run here.`
  return null
}
