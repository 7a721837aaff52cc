// Forms of models that are no Hugging Face checkpoint in full precision, told by the names of their files.

/** Each in a sentence with the way out, for the command line and the window in English; other languages have their own (renderer/words). */
export const otherFormSentences = {
  hearth: 'This is a model that Hearth made already: it can be run as it is.',
  quantized:
    'The weights are quantized already (GPTQ or AWQ): Hearth quantizes the original, full-precision ones itself.',
  mlc: 'These are weights in MLC form, quantized already: the compiler starts from the original checkpoint.',
  adapter: 'This is an adapter (LoRA) alone: it holds changes to a base model and does nothing without that.',
  gguf: 'There is only a GGUF file, made for llama.cpp: the original repository has the weights that Hearth reads.',
  meta: 'These are weights as Meta gave them out: a repository whose name ends in -hf has the form that Hearth reads.',
  images: 'This is a pipeline that makes images, no language model.',
  frameworks: 'The weights are there for TensorFlow, Flax or ONNX only: safetensors or pytorch_model.bin are needed.',
} as const
export type OtherForm = keyof typeof otherFormSentences

/** What it is instead; null where the names show nothing of the kind. */
export function otherForm(names: readonly string[]): OtherForm | null {
  const has = (...wanted: readonly string[]) => wanted.some((name) => names.includes(name))
  const hasWeights = names.some(
    (name) => /^(model|pytorch_model)([.-].*)?\.(safetensors|bin)$/.test(name) || name === 'pytorch_model.bin',
  )
  if (has('hearth.json')) return 'hearth'
  if (has('quantize_config.json', 'quant_config.json')) return 'quantized'
  if (has('tensor-cache.json', 'ndarray-cache.json')) return 'mlc'
  if (hasWeights) return null
  if (has('adapter_config.json')) return 'adapter'
  if (names.some((name) => name.endsWith('.gguf'))) return 'gguf'
  if (names.some((name) => /^consolidated\.\d+\.pth$/.test(name))) return 'meta'
  if (has('model_index.json')) return 'images'
  if (has('tf_model.h5', 'flax_model.msgpack', 'model.onnx')) return 'frameworks'
  return null
}
