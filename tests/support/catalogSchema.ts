// What the catalogue's JSON must look like: the types of shared/catalog/types.ts as checks. Run by tests, so that the app need not.
import { z } from 'zod'
import type { CatalogVariant, Dataset, Family, NameWord, ReadyModel } from '../../shared/catalog/types.ts'
import { weightFormats } from '../../shared/compiler/kernels/target.ts'
import { variant as kind } from '../../shared/model.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/)
const repository = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/)
const words = z.string().min(1)
const format = z.custom<(typeof weightFormats)[number]>((value) => weightFormats.some((known) => known === value))
const ready = z.array(z.strictObject({ format, repository }))
const count = z.number().int().positive().nullable()

const variant = z.strictObject({
  id,
  repository,
  kind,
  line: id,
  parameters: count,
  contextTokens: z.number().int().positive(),
  licence: words,
  commercialUse: z.enum(['yes', 'conditional', 'no']),
  commercialNote: words.nullable(),
  trainingTokens: count,
  methods: z
    .array(
      z.enum([
        'pretraining',
        'instruction-fine-tuning',
        'chat-fine-tuning',
        'distillation',
        'qlora',
        'c-rlft',
        'feedback-bootstrap',
        'rlhf',
        'rlaif',
        'dpo',
      ]),
    )
    .nonempty(),
  datasets: z.array(id),
  preferenceDatasets: z.array(id),
  parents: z.array(
    z.strictObject({
      variant: id,
      relation: z.enum(['continued', 'fine-tune', 'adapter', 'preference-tune', 'merge']),
    }),
  ),
  weights: z.enum(['safetensors', 'pytorch', 'difference', 'none', 'unknown']),
  isGated: z.boolean(),
  ready,
  notes: z.array(words),
  unconfirmed: z.array(words),
  config: z.number().int().nonnegative().nullable(),
}) satisfies z.ZodType<CatalogVariant>

export const family = z.strictObject({
  id,
  name: words,
  developer: words,
  released: words,
  kind: z.enum(['pretrained', 'fine-tune', 'not-open']),
  notes: z.array(words),
  unconfirmed: z.array(words),
  sources: z.array(words).nonempty(),
  variants: z.array(variant),
}) satisfies z.ZodType<Family>

export const dataset = z.strictObject({
  id,
  name: words,
  publisher: words,
  released: words,
  kind: z.enum(['pretraining', 'instruction', 'chat', 'preference']),
  madeBy: z.enum(['people', 'models', 'both', 'collected']),
  how: words,
  size: words.nullable(),
  licence: words.nullable(),
  repository: repository.nullable(),
  derivedFrom: z.array(id),
  notes: z.array(words),
  unconfirmed: z.array(words),
}) satisfies z.ZodType<Dataset>

export const readyModel = z.strictObject({
  name: words,
  kind,
  weights: ready.nonempty(),
}) satisfies z.ZodType<ReadyModel>

export const nameWord = z.strictObject({
  words: z.array(z.string().regex(/^[a-z0-9_-]+$/)).nonempty(),
  category: z.enum([
    'family',
    'model',
    'maker',
    'person',
    'variant',
    'method',
    'data',
    'merge',
    'form',
    'quantization',
    'size',
    'context',
    'version',
    'style',
    'ambiguous',
    'unknown',
  ]),
  meaning: words,
  families: z.record(z.string(), id),
}) satisfies z.ZodType<NameWord>
