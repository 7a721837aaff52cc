// Calibrated quantization of a small checkpoint: runs text through the model, layer by layer, and hands GPTQ what it needs to know of every matrix.
// All weights and the activations of the whole text are held in memory and computed in plain TypeScript: for models of some tens of millions of
// parameters. Larger checkpoints are quantized by `search`, which streams.
import type { DecoderSpec, WeightRule } from './architectures/spec.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { decoderSteps, headName, type WeightsByName } from './quantize/decoderSteps.ts'
import { gptqQuantizer, type MatrixCalibration } from './quantize/gptq.ts'
import { crossProducts, type Multiply, multiplyRows } from './quantize/matrix.ts'
import type { Quantizer } from './quantize/quantizer.ts'

/** All weights of a model under MLC's names, fused as MLC fuses them. */
export async function readWeights(
  checkpoint: Checkpoint,
  rules: readonly WeightRule[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> {
  const weights = new Map<string, Float32Array>()
  for (const { name, shape, sources } of rules) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    let filled = 0
    for (const source of sources) {
      const entry = checkpoint.tensors.get(source.tensor)
      if (entry === undefined) throw new RangeError(`the checkpoint has no tensor ${source.tensor}`)
      const part = await checkpoint.readRows(entry, 0, source.shape[0] ?? 1, signal)
      values.set(part, filled)
      filled += part.length
    }
    weights.set(name, values)
  }
  return weights
}

/** Calibration texts: token ids from position 0 on. */
export type CalibrationTexts = readonly (readonly number[])[]

/**
 * What GPTQ needs of every matrix, from the float model: the sum of input outer input over all tokens of the texts.
 */
export function calibrate(
  spec: DecoderSpec,
  weights: WeightsByName,
  texts: CalibrationTexts,
  multiply: Multiply = multiplyRows,
): ReadonlyMap<string, MatrixCalibration> {
  const found = new Map<string, MatrixCalibration>()
  for (const { name, inputs, columns } of decoderSteps(spec, weights, texts, multiply)) {
    const hessian = crossProducts(inputs, inputs, inputs.length / columns, columns, columns, multiply)
    found.set(name, { columns, hessian })
  }
  return found
}
