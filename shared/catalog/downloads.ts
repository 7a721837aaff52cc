// In which ways a variant can be got, with the bytes of each: the original checkpoint, which is compiled here, or weights that somebody made ready.
import type { WeightFormat } from '../compiler/kernels/target.ts'
import type { ModelNeeds } from '../fit/needs.ts'
import { readyWeightsProblem } from './readyProblem.ts'
import type { CatalogVariant } from './types.ts'

export interface DownloadChoice {
  readonly kind: 'checkpoint' | 'ready'
  /** publisher/name. */
  readonly repository: string
  readonly format: WeightFormat
  /** About: the Hub's own listing is asked when it begins. null where nothing is known. */
  readonly downloadBytes: number | null
  /** What stays on the disk. */
  readonly keptBytes: number | null
  /** Why it cannot be got this way. */
  readonly obstacle: 'no-repository' | 'difference-only' | null
}

/** Nearly every checkpoint stores two bytes per parameter; some older ones store four. The Hub's listing has the last word, before anything is fetched. */
const checkpointBytesPerParameter = 2
const fourByteCheckpoints = /^(EleutherAI\/gpt-j-6b|openai-community\/gpt2(-[a-z]+)?)$/

/** What compiles to when nothing else is asked for. Every library reads it, with or without half precision. */
export const usualFormat: WeightFormat = 'q4f16_1'

const readyOrder: readonly WeightFormat[] = ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32']

/** The smallest download first; ready-made weights only where they run here. `needsIn` gives the needs in a format, null where no configuration is known. */
export function downloadChoices(
  variant: CatalogVariant,
  needsIn: (format: WeightFormat) => ModelNeeds | null,
): readonly DownloadChoice[] {
  const { parameters, weights, repository } = variant
  const bytesPerParameter = fourByteCheckpoints.test(repository) ? 4 : checkpointBytesPerParameter
  const ready = variant.ready
    .filter((choice) => readyWeightsProblem(choice) === null)
    .toSorted((one, other) => readyOrder.indexOf(one.format) - readyOrder.indexOf(other.format))
    .map((choice): DownloadChoice => {
      const bytes = needsIn(choice.format)?.weightsBytes ?? null
      return { kind: 'ready', ...choice, downloadBytes: bytes, keptBytes: bytes, obstacle: null }
    })
  const checkpoint: DownloadChoice = {
    kind: 'checkpoint',
    repository,
    format: usualFormat,
    downloadBytes: parameters === null ? null : parameters * bytesPerParameter,
    keptBytes: needsIn(usualFormat)?.weightsBytes ?? null,
    obstacle: weights === 'none' ? 'no-repository' : weights === 'difference' ? 'difference-only' : null,
  }
  return [...ready, checkpoint]
}

/** What a person gets who just presses the button: ready-made 4-bit weights where there are some, else the checkpoint. */
export function usualChoice(choices: readonly DownloadChoice[]): DownloadChoice | null {
  return (
    choices.find(
      ({ kind, format, obstacle }) => obstacle === null && (kind === 'checkpoint' || format === usualFormat),
    ) ?? null
  )
}

/** Free bytes at the fullest moment and when all is done. A checkpoint is there beside its weights until these are finished. */
export function diskLeft(
  { kind, downloadBytes, keptBytes }: DownloadChoice,
  freeBytes: number,
  keepsCheckpoint: boolean,
): { readonly leastBytes: number; readonly afterBytes: number } | null {
  if (downloadBytes === null || keptBytes === null) return null
  const together = kind === 'ready' ? keptBytes : downloadBytes + keptBytes
  const stays = kind === 'checkpoint' && keepsCheckpoint ? together : keptBytes
  return { leastBytes: freeBytes - together, afterBytes: freeBytes - stays }
}
