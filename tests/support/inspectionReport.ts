// What the app would say of a small published checkpoint, for tests that show it.
import type { InspectionReport } from '../../shared/inspect/report.ts'

export function inspectionReport(changes: Partial<InspectionReport> = {}): InspectionReport {
  return {
    subject: {
      kind: 'repository',
      repository: 'a/tiny',
      commit: '0123456789abcdef'.repeat(3).slice(0, 40),
      isGated: false,
    },
    form: 'checkpoint',
    found: {
      obstacle: null,
      otherForm: null,
      architecture: 'llama',
      parameters: 1_100_048_384,
      contextTokens: 2048,
      variant: { kind: 'chat', template: 'zephyr', reason: { kind: 'carries-template' } },
      licence: 'apache-2.0',
      sizes: [],
      weightFiles: [{ name: 'model.safetensors', sizeBytes: 2_200_000_000 }],
    },
    downloadBytes: 2_200_120_000,
    config: {
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      hidden_act: 'silu',
      hidden_size: 2048,
      intermediate_size: 5632,
      max_position_embeddings: 2048,
      num_attention_heads: 32,
      num_hidden_layers: 22,
      num_key_value_heads: 4,
      rms_norm_eps: 1e-5,
      rope_theta: 10_000,
      vocab_size: 32_000,
    },
    catalogVariant: null,
    ...changes,
  }
}
