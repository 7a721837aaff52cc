// What is this? A folder or repository is looked at without compiling it: configuration, headers of the weights, tokenizer, chat template, README. The
// compiler's own readers answer, so what is said here is what compiling would say.

import { variantOfRepository } from '../catalog/catalog.ts'
import { requireArchitecture } from '../compiler/architectures/index.ts'
import type { ModelSource } from '../compiler/checkpoint/bytes.ts'
import { openCheckpoint, readBounded } from '../compiler/checkpoint/checkpoint.ts'
import { configFields, configFile, own } from '../compiler/checkpoint/config.ts'
import { parseJson } from '../compiler/checkpoint/json.ts'
import { checkTensors } from '../compiler/checkTensors.ts'
import { licenceOf } from '../compiler/describe.ts'
import { type WeightFormat, weightFormats } from '../compiler/kernels/target.ts'
import { choosePrompting } from '../compiler/prompting.ts'
import { readTokenizer } from '../compiler/tokenizer/readTokenizer.ts'
import { CompileError } from '../errors.ts'
import { needsOf } from '../fit/needs.ts'
import type { Variant } from '../model.ts'
import type { PromptReason } from '../prompts/promptReason.ts'
import { collectObstacles } from './obstacles.ts'
import { type OtherForm, otherForm, otherFormSentences } from './otherForm.ts'

export interface Inspection {
  /** null: the compiler takes it. Else why not, in a sentence. */
  readonly obstacle: string | null
  /** Where that is the form of the whole: which. */
  readonly otherForm: OtherForm | null
  /** model_type of its configuration. */
  readonly architecture: string | null
  readonly parameters: number | null
  readonly contextTokens: number | null
  /** Base, instruct or chat, and how that is known; null where the tokenizer cannot be read. */
  readonly variant: { readonly kind: Variant; readonly template: string | null; readonly reason: PromptReason } | null
  /** From README.md's front matter, else what the catalogue says of the repository. */
  readonly licence: string | null
  /** Weights in each format, for the half target. */
  readonly sizes: readonly { readonly format: WeightFormat; readonly sizeBytes: number }[]
  /** Files that would be read for weights. */
  readonly weightFiles: readonly { readonly name: string; readonly sizeBytes: number }[]
}

const maximumBytes = 4 * 2 ** 20

/**
 * `repository`: publisher/name or a folder's name, null when nothing names it. Rejects only where the source itself fails. `outline` is for a source far away:
 * tensors are checked by name and shape, and what surrounds each of them in a PyTorch file is not read.
 */
export async function inspectCheckpoint(
  source: ModelSource,
  repository: string | null,
  signal: AbortSignal,
  depth: 'whole' | 'outline' = 'whole',
): Promise<Inspection> {
  const names = new Set(await source.names())
  const read = async (name: string) => (names.has(name) ? await readBounded(source, name, maximumBytes, signal) : null)
  const { found: obstacles, attempt } = collectObstacles()
  const form = otherForm([...names])
  if (form !== null) obstacles.push(otherFormSentences[form])
  const config = await attempt(async () => {
    const bytes = await read(configFile)
    if (bytes === null) throw new CompileError(configFile, '', 'not found')
    return configFields(parseJson(bytes, configFile))
  })
  const model =
    config &&
    (await attempt(() => {
      const architecture = requireArchitecture(config)
      const spec = architecture.spec(config)
      return { architecture, spec, rules: architecture.weights(spec) }
    }))
  const checkpoint = await attempt(() => openCheckpoint(source, signal, depth))
  if (model && checkpoint)
    await attempt(() => checkTensors(checkpoint, model.rules, model.architecture.ignorable(model.spec)))
  const tokenizer = model && (await attempt(() => readTokenizer(source, model.spec.vocabularySize, signal)))
  const prompting =
    model &&
    tokenizer &&
    (await attempt(() => choosePrompting(source, { spec: model.spec, tokenizer, repository, asked: null }, signal)))
  const readme = await attempt(() => read('README.md'))
  const modelType = config && own(config, 'model_type')
  const needs = (format: WeightFormat) => model && needsOf(model.spec, model.rules, { format, target: 'half' })
  const known = repository === null ? undefined : variantOfRepository(repository)
  return {
    obstacle: obstacles[0] ?? null,
    otherForm: form,
    architecture: model?.spec.modelType ?? (typeof modelType === 'string' ? modelType : null),
    parameters: needs('q4f16_1')?.parameters ?? null,
    contextTokens: model?.spec.contextTokens ?? null,
    variant: prompting && {
      kind: prompting.variant,
      template: prompting.choice.template?.name ?? null,
      reason: prompting.choice.reason,
    },
    licence: (readme && licenceOf(readme)) ?? known?.licence ?? null,
    sizes: model ? weightFormats.map((format) => ({ format, sizeBytes: needs(format)?.weightsBytes ?? 0 })) : [],
    weightFiles: await Promise.all(
      (checkpoint?.files ?? []).map(async (name) => ({ name, sizeBytes: (await source.open(name)).sizeBytes })),
    ),
  }
}
