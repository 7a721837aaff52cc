// mlc-chat-config.json as mlc-llm publishes it beside its weights. Its `model_config` is the dataclass of one of mlc-llm's models: mostly Hugging Face's
// fields, some under other names, what the class does not use left out. Read back into a config.json, so that the architectures here understand it.
// Written after mlc-llm 79d603f, python/mlc_llm/interface/gen_config.py and python/mlc_llm/model/<architecture>/<architecture>_model.py.
import { CompileError } from '../../errors.ts'
import { requireArchitecture } from '../architectures/index.ts'
import type { Architecture, DecoderSpec, WeightRule } from '../architectures/spec.ts'
import { chatConfigFile } from '../chatConfig.ts'
import { configFields, configFile, type Fields, own } from '../checkpoint/config.ts'
import { shown } from '../checkpoint/json.ts'
import { type WeightFormat, weightFormats } from '../kernels/target.ts'

export interface PublishedModel {
  /** config.json, as far as mlc-llm kept it. */
  readonly config: Fields
  readonly format: WeightFormat
  readonly architecture: Architecture
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
}

/** Throws CompileError naming the field where it is no configuration, or one of a model that nothing here runs. */
export function publishedModel(value: unknown): PublishedModel {
  const fields = configFields(value, chatConfigFile)
  const format = formatOf(fields)
  const config = huggingFaceConfig(fields)
  return blamed(() => {
    const architecture = requireArchitecture(config)
    const spec = architecture.spec(config)
    return { config, format, architecture, spec, rules: architecture.weights(spec) }
  })
}

function formatOf(fields: Fields): WeightFormat {
  if (own(fields, 'model_task') === 'embedding')
    throw new CompileError(chatConfigFile, 'model_task', 'it turns texts into vectors and writes none')
  const quantization = own(fields, 'quantization')
  const format = weightFormats.find((known) => known === quantization)
  if (format !== undefined) return format
  throw new CompileError(
    chatConfigFile,
    'quantization',
    `${shown(quantization)}, expected one of ${weightFormats.join(', ')}`,
  )
}

/** MLC's word for a field -> Hugging Face's, where they differ. */
type Words = Readonly<Record<string, string>>

const llama: Words = { position_embedding_base: 'rope_theta', context_window_size: 'max_position_embeddings' }
const words: Readonly<Record<string, Words>> = {
  llama,
  mistral: { ...llama, sliding_window_size: 'sliding_window' },
  mixtral: llama,
  gpt_neox: { position_embedding_base: 'rotary_emb_base', context_window_size: 'max_position_embeddings' },
  gptj: { context_window_size: 'n_positions' },
  phi: llama,
  'phi-msft': { position_embedding_base: 'rope_theta' },
  qwen: { context_window_size: 'seq_length' },
  stablelm: { context_window_size: 'max_position_embeddings' },
  chatglm: { context_window_size: 'seq_length', vocab_size: 'padded_vocab_size' },
}

/** Architectures that both have, in layouts that differ. */
const otherLayouts: Readonly<Record<string, string>> = {
  gpt2: 'mlc-llm keeps its learned positions in 4 bits and its embedding twice: the original can be compiled here',
}

/** Beyond it Qwen stretches its rotation as the text grows, which nothing here computes; the field that says so (seq_length) is lost. */
const qwenContextTokens = 8192

/** What a configuration whose window slides does not tell: the positions that Mistral 7B was trained for. */
const slidingContextTokens = 32_768

/** Throws CompileError where the architecture is none that is served. */
export function huggingFaceConfig(fields: Fields): Fields {
  const modelType = own(fields, 'model_type')
  const renamed = typeof modelType === 'string' && Object.hasOwn(words, modelType) ? words[modelType] : undefined
  if (typeof modelType === 'string' && Object.hasOwn(otherLayouts, modelType))
    throw new CompileError(chatConfigFile, 'model_type', `"${modelType}": ${otherLayouts[modelType]}`)
  if (renamed === undefined) {
    const known = Object.keys(words).join(', ')
    throw new CompileError(
      chatConfigFile,
      'model_type',
      `${shown(modelType)} is no architecture that runs here (${known})`,
    )
  }
  const published = configFields(own(fields, 'model_config'), `${chatConfigFile}: model_config`)
  const entries = Object.entries(published).flatMap(([name, field]): readonly (readonly [string, unknown])[] => {
    const to = Object.hasOwn(renamed, name) ? (renamed[name] as string) : name
    // mlc-llm's ways to say that nothing was said: a size of -1 or 0, a base of 0.
    return isUnsaid(name, field) ? [] : [[to, field]]
  })
  const tokens = ['bos_token_id', 'eos_token_id'].map((name) => [name, own(fields, name)] as const)
  const config: Fields = Object.fromEntries([...entries, ...tokens.filter(([, id]) => id !== undefined)])
  const slides = own(config, 'sliding_window') !== undefined
  const unsaid = slides ? { max_position_embeddings: slidingContextTokens } : {}
  const { seq_length: sequence } = config
  const isLong = modelType === 'qwen' && typeof sequence === 'number' && sequence > qwenContextTokens
  return {
    ...unsaid,
    // mistral.ts takes its window for the usual one where the field is missing.
    ...(modelType === 'mistral' ? { sliding_window: null } : {}),
    ...config,
    ...(isLong ? { seq_length: qwenContextTokens } : {}),
    model_type: modelType,
  }
}

const unsaidFields = [
  'position_embedding_base',
  'context_window_size',
  'sliding_window_size',
  'n_inner',
  'n_head_kv',
  'head_dim',
  'intermediate_size',
  'num_key_value_heads',
]

function isUnsaid(name: string, value: unknown): boolean {
  return unsaidFields.includes(name) && (value === 0 || value === -1)
}

/** What architectures say of config.json is said of the field it came from. */
function blamed<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CompileError) || error.file !== configFile) throw error
    const problem = error.message.slice(`${error.file}: ${error.field}: `.length)
    const field = error.field === 'model_type' ? 'model_type' : `model_config.${error.field}`
    throw new CompileError(chatConfigFile, field, problem, { cause: error })
  }
}
