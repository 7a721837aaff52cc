// mlc-chat-config.json: what web-llm 0.2.86 reads when it loads a model. It needs all five generation defaults, exactly one of the two windows, and a
// vocabulary size equal to the rows of the logits.
import type { ModelManifest } from '../model.ts'
import { convTemplate } from '../prompts/convTemplate.ts'
import type { DecoderSpec } from './architectures/spec.ts'
import type { TokenizerTraits } from './tokenizer/validate.ts'

export const chatConfigFile = 'mlc-chat-config.json'

export interface ChatConfigParts {
  readonly spec: DecoderSpec
  readonly manifest: Pick<
    ModelManifest,
    'weightFormat' | 'contextTokens' | 'prefillChunkTokens' | 'bosTokenId' | 'stopTokenIds' | 'prompt' | 'defaults'
  >
  readonly tokenizerFiles: readonly string[]
  readonly traits: TokenizerTraits
}

/** The configuration as JSON-serialisable data. */
export function chatConfig({ spec, manifest, tokenizerFiles, traits }: ChatConfigParts): object {
  const slides = spec.slidingWindowTokens !== null
  return {
    version: '0.1.0',
    model_type: spec.modelType,
    quantization: manifest.weightFormat,
    vocab_size: spec.vocabularySize,
    context_window_size: slides ? -1 : manifest.contextTokens,
    sliding_window_size: spec.slidingWindowTokens ?? -1,
    attention_sink_size: slides ? 0 : -1,
    prefill_chunk_size: manifest.prefillChunkTokens,
    tensor_parallel_shards: 1,
    temperature: manifest.defaults.temperature,
    top_p: manifest.defaults.topP,
    repetition_penalty: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    tokenizer_files: tokenizerFiles,
    tokenizer_info: {
      token_postproc_method: traits.postProcessing,
      prepend_space_in_encode: traits.prependsSpace,
      strip_space_in_decode: traits.prependsSpace,
    },
    conv_template: convTemplate(manifest),
    ...(manifest.bosTokenId === null ? {} : { bos_token_id: manifest.bosTokenId }),
    eos_token_id: manifest.stopTokenIds,
  }
}
