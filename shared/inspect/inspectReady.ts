// What is this? The same for weights in MLC's form: they need no compiling, only an architecture that runs here and a table of contents that holds.

import { variantOfRepository } from '../catalog/catalog.ts'
import { chatConfigFile } from '../compiler/chatConfig.ts'
import type { ModelSource } from '../compiler/checkpoint/bytes.ts'
import { readBounded } from '../compiler/checkpoint/checkpoint.ts'
import { configFields, type Fields, own } from '../compiler/checkpoint/config.ts'
import { parseJson } from '../compiler/checkpoint/json.ts'
import { licenceOf } from '../compiler/describe.ts'
import { openReady } from '../compiler/ready/openReady.ts'
import { huggingFaceConfig, publishedModel } from '../compiler/ready/publishedConfig.ts'
import { readyPrompting } from '../compiler/ready/readyPrompting.ts'
import { readTokenizer } from '../compiler/tokenizer/readTokenizer.ts'
import { needsOf } from '../fit/needs.ts'
import type { Inspection } from './inspect.ts'
import { collectObstacles } from './obstacles.ts'

export interface ReadyInspection {
  readonly found: Inspection
  /** The configuration in Hugging Face's words; null where none could be made of it. */
  readonly config: Fields | null
}

const maximumBytes = 4 * 2 ** 20

/** Rejects only where the source itself fails. */
export async function inspectReady(
  source: ModelSource,
  repository: string | null,
  signal: AbortSignal,
): Promise<ReadyInspection> {
  const names = await source.names()
  const { found: obstacles, attempt } = collectObstacles()
  const published = await attempt(async () =>
    configFields(
      parseJson(await readBounded(source, chatConfigFile, maximumBytes, signal), chatConfigFile),
      chatConfigFile,
    ),
  )
  const model = published && (await attempt(() => publishedModel(published)))
  const config = model?.config ?? (published && (await attempt(() => huggingFaceConfig(published))))
  const opened = model && (await attempt(() => openReady(source, signal)))
  const tokenizer = model && (await attempt(() => readTokenizer(source, model.spec.vocabularySize, signal)))
  const prompting =
    model &&
    tokenizer &&
    (await attempt(() =>
      readyPrompting(source, { published, spec: model.spec, tokenizer, repository, asked: null }, signal),
    ))
  const readme = names.includes('README.md')
    ? await attempt(() => readBounded(source, 'README.md', maximumBytes, signal))
    : null
  const needs = model && needsOf(model.spec, model.rules, { format: model.format, target: 'half' })
  const modelType = published && own(published, 'model_type')
  const known = repository === null ? undefined : variantOfRepository(repository)
  return {
    config,
    found: {
      obstacle: obstacles[0] ?? null,
      otherForm: null,
      architecture: model?.spec.modelType ?? (typeof modelType === 'string' ? modelType.slice(0, 100) : null),
      parameters: needs?.parameters ?? null,
      contextTokens: model?.spec.contextTokens ?? null,
      variant: prompting && {
        kind: prompting.variant,
        template: prompting.prompt.kind === 'turns' ? prompting.prompt.name : null,
        reason: prompting.choice.reason,
      },
      licence: (readme && licenceOf(readme)) ?? known?.licence ?? null,
      sizes: model && needs ? [{ format: model.format, sizeBytes: needs.weightsBytes }] : [],
      weightFiles: (opened?.shards ?? []).map(({ file, sizeBytes }) => ({ name: file, sizeBytes })),
    },
  }
}
