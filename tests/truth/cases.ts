// Reference cases: tiny random checkpoints with logits computed by outside implementations. One folder per case: config.json, weights,
// expected.json and, for quantized weights, expected.q4f32_1.json. HEARTH_REFERENCE names another folder of cases.
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { architectureFor } from '../../shared/compiler/architectures/index.ts'

export interface ExpectedLogits {
  readonly input_ids: readonly number[]
  readonly prefill: {
    readonly positions: readonly number[]
    readonly logits: readonly (readonly number[])[]
    /** Per position of the prompt: the five greatest as [id, logit]. */
    readonly top5: readonly (readonly (readonly [id: number, logit: number])[])[]
  }
  readonly decode: {
    readonly fed_ids: readonly number[]
    readonly logits: readonly (readonly number[])[]
    readonly next_id: number
    readonly margins: readonly number[]
  }
  readonly quantized?: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly q_sha256: string
    readonly scale_sha256: string
  }[]
}

export interface ReferenceCase {
  readonly name: string
  /** Holds config.json. */
  readonly folder: string
  /** Holds the weights: the same folder, or that of the case whose weights these are under another configuration. */
  readonly weightsFolder: string
  readonly vocabularySize: number
  readonly slidingWindowTokens: number | null
  /** Its prompt is read as a whole: neither prefixes nor pieces of it have logits to compare. */
  readonly readsWhole: boolean
  readonly expected: ExpectedLogits
  /** null where the case lists none (float16 copies of another case). */
  readonly expectedQuantized: ExpectedLogits | null
}

export interface SkippedCase {
  readonly name: string
  readonly reason: string
}

export function referenceFolder(): string {
  return process.env.HEARTH_REFERENCE ?? fileURLToPath(new URL('../fixtures/reference', import.meta.url))
}

/** Every case Hearth has an architecture for, by name, and the others with the reason. */
export async function readCases(
  folder = referenceFolder(),
): Promise<{ readonly cases: readonly ReferenceCase[]; readonly skipped: readonly SkippedCase[] }> {
  const root = (await exists(join(folder, 'cases'))) ? join(folder, 'cases') : folder
  const names = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const cases: ReferenceCase[] = []
  const skipped: SkippedCase[] = []
  for (const name of names.sort()) {
    const read = await readCase(join(root, name), name)
    if ('reason' in read) skipped.push(read)
    else cases.push(read)
  }
  return { cases, skipped }
}

async function readCase(folder: string, name: string): Promise<ReferenceCase | SkippedCase> {
  if (!(await exists(join(folder, 'config.json')))) return { name, reason: 'no config.json' }
  if (!(await exists(join(folder, 'expected.json')))) return { name, reason: 'no expected.json' }
  const config = await json<{ model_type?: string }>(join(folder, 'config.json'))
  const architecture = architectureFor(config)
  if (architecture === undefined) return { name, reason: `no architecture for model_type ${config.model_type}` }
  const spec = architecture.spec(config)
  const expected = await json<ExpectedLogits & { readonly weights?: string }>(join(folder, 'expected.json'))
  const [, other = '.'] = /use (\.\.\/[\w-]+)\//.exec(expected.weights ?? '') ?? []
  const quantized = join(folder, 'expected.q4f32_1.json')
  return {
    name,
    folder,
    weightsFolder: join(folder, other),
    vocabularySize: spec.vocabularySize,
    slidingWindowTokens: spec.slidingWindowTokens,
    readsWhole: spec.prefix !== undefined,
    expected,
    expectedQuantized: (await exists(quantized)) ? await json(quantized) : null,
  }
}

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
