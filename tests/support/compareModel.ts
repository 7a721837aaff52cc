// A synthetic model fed through unmodified web-llm, a few tokens at a time, beside the plain forward.
import { expect } from 'vitest'
import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { createForward } from '../reference/forward.ts'
import { requestTestDevice } from './device.ts'
import { readRuntime } from './runtime.ts'
import { type SyntheticModel, type SyntheticOptions, syntheticModel } from './syntheticModel.ts'
import { loadEngine, recordLogits } from './webLlm.ts'

export interface Comparison {
  readonly spec: DecoderSpec
  readonly format: WeightFormat
  readonly target: LibraryTarget
  readonly chunkTokens: number
  /** Draws weights, tokens and lengths. */
  readonly next: () => number
  /** Window and sink in tokens; null for full attention. */
  readonly window: { readonly tokens: number; readonly sink: number } | null
  readonly style?: SyntheticOptions['style']
  /** Tokens fed at a time; drawn where left out, almost filling the context. */
  readonly lengths?: readonly number[]
}

const runtime = await readRuntime()

/** The largest error of a logit where the largest logit is taken for 10, about what a trained model's reaches. */
export async function worstError(comparison: Comparison): Promise<number> {
  const { spec, format, chunkTokens, next, style = 'hearth' } = comparison
  return await worstErrorOf(syntheticModel({ spec, format, chunkTokens, next, runtime, style }), comparison)
}

/** The same of a model that is there already. */
export async function worstErrorOf(
  model: Pick<SyntheticModel, 'files' | 'library' | 'tensors'>,
  comparison: Omit<Comparison, 'format' | 'style'>,
): Promise<number> {
  const { spec, target, chunkTokens, next, window } = comparison
  const { processor, logits } = recordLogits()
  const engine = await loadEngine({
    files: model.files,
    library: model.library(target),
    logitProcessor: processor,
    ...(window === null
      ? {}
      : { options: { context_window_size: -1, sliding_window_size: window.tokens, attention_sink_size: window.sink } }),
  })
  const forward = createForward({ ...spec, slidingWindowTokens: window?.tokens ?? null }, model.tensors, {
    sinkTokens: window?.sink ?? 0,
  })
  const lengths = comparison.lengths ?? drawnLengths(spec.contextTokens - chunkTokens, chunkTokens, next)
  let worst = 0
  for (const length of lengths) {
    const ids = Array.from({ length }, () => Math.floor(next() * spec.vocabularySize))
    await engine.forwardTokensAndSample(ids, true)
    const wanted = forward.feed(ids).at(-1) ?? new Float32Array()
    const got = logits.at(-1) ?? new Float32Array()
    expect(got.length).toBe(wanted.length)
    const greatest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    for (const [id, value] of got.entries()) {
      const error = (10 * Math.abs(value - (wanted[id] ?? Number.NaN))) / greatest
      worst = error <= worst ? worst : Number.isNaN(error) ? Number.POSITIVE_INFINITY : error
    }
  }
  await engine.unload()
  return worst
}

/** Lengths of 1 to `most` that sum up to `total` or a little more. */
function drawnLengths(total: number, most: number, next: () => number): readonly number[] {
  const lengths: number[] = []
  for (let sum = 0; sum < total; sum += lengths.at(-1) ?? 0) lengths.push(1 + Math.floor(next() * most))
  return lengths
}

/** Everything on a GPU. Of the software adapters SwiftShader (in browsers) takes a minute to compile kernels with barriers and runs what is made for it. */
export async function targetsHere(): Promise<readonly LibraryTarget[]> {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const { adapterInfo } = device
  const half = device.features.has('shader-f16')
  device.destroy()
  if (/swiftshader/i.test(`${adapterInfo.architecture} ${adapterInfo.description}`)) return ['software']
  if (!half) console.info('half library not run: the adapter has no shader-f16')
  return half ? ['portable', 'half'] : ['portable']
}
