// The bundled base model's shape, which its manifest does not repeat: config.json of the checkpoint it was compiled from.
export const bundledFolder = new URL('../../resources/models/tinystories-15m/base/', import.meta.url)

export const bundledConfig = {
  model_type: 'llama',
  hidden_size: 288,
  intermediate_size: 768,
  num_hidden_layers: 6,
  num_attention_heads: 6,
  num_key_value_heads: 6,
  vocab_size: 32_000,
  max_position_embeddings: 256,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  hidden_act: 'silu',
  bos_token_id: 1,
  eos_token_id: 2,
}
