// Which adapters a library is made for. One set of weights, three libraries; the app picks when it knows the adapter.

/**
 * - `portable`: float32 arithmetic, workgroup reductions, no optional feature. Any GPU.
 * - `half`: needs shader-f16: dequantizes and stores the KV cache in float16, accumulates in float32.
 * - `software`: float32, no barriers in the hot kernels (they cost 3-6 times on SwiftShader and lavapipe), one output row per invocation.
 */
export type LibraryTarget = 'portable' | 'half' | 'software'
export const libraryTargets: readonly LibraryTarget[] = ['portable', 'half', 'software']

/** MLC's names. q4: 4-bit groups of 32 along the input dimension; the last part is the dtype of scales, norms and biases. q0: unquantized. */
export type WeightFormat = 'q4f16_1' | 'q4f32_1' | 'q0f32' | 'q0f16'
export const weightFormats: readonly WeightFormat[] = ['q4f16_1', 'q4f32_1', 'q0f32', 'q0f16']

/** dtype of the float tensors (scales, norms, biases; all weights when unquantized) of a weight format. */
export function floatType(format: WeightFormat): 'float16' | 'float32' {
  return format === 'q4f16_1' || format === 'q0f16' ? 'float16' : 'float32'
}

export function isQuantized(format: WeightFormat): boolean {
  return format === 'q4f16_1' || format === 'q4f32_1'
}
