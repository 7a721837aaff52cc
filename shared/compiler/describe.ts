// What a checkpoint says about itself beside its weights: token ids and sampling defaults of generation_config.json, the licence in README.md's front
// matter. Everything can be overruled by the person who compiles.
import { CompileError } from '../errors.ts'
import { type ModelManifest, manifestFileName, modelManifest } from '../model.ts'
import type { DecoderSpec } from './architectures/spec.ts'
import type { ModelSource } from './checkpoint/bytes.ts'
import { readBounded } from './checkpoint/checkpoint.ts'
import { configFields, type Fields, own, tokenIdsField } from './checkpoint/config.ts'
import { parseJson } from './checkpoint/json.ts'
import type { Prompting } from './prompting.ts'

/** The words and choices of a manifest that no checkpoint holds in a form to rely on. */
export type Description = Pick<
  ModelManifest,
  | 'id'
  | 'title'
  | 'family'
  | 'variant'
  | 'description'
  | 'licence'
  | 'provenance'
  | 'prompt'
  | 'defaults'
  | 'stopTokenIds'
>

export interface Described {
  readonly description: Description
  /** Files that were read, for the recipe. */
  readonly inputs: readonly string[]
}

const generationFile = 'generation_config.json'
const readmeFile = 'README.md'
const maximumTextBytes = 4 * 2 ** 20

/** The given words, and for the others what the folder says or a plain default. */
export async function describe(
  source: ModelSource,
  spec: DecoderSpec,
  prompting: Pick<Prompting, 'variant' | 'prompt' | 'stopTokenIds'>,
  given: Partial<Description> & Pick<Description, 'id'>,
  signal: AbortSignal,
): Promise<Described> {
  const names = await source.names()
  const inputs = [generationFile, readmeFile].filter((name) => names.includes(name))
  const read = async (name: string) =>
    inputs.includes(name) ? await readBounded(source, name, maximumTextBytes, signal) : null
  const generation = await read(generationFile)
  const readme = await read(readmeFile)
  const fields = generation === null ? {} : configFields(parseJson(generation, generationFile), generationFile)
  const name = given.id.slice(given.id.indexOf('/') + 1)
  const description: Description = {
    title: name,
    family: name,
    variant: prompting.variant,
    description: 'A model compiled from a folder on this computer.',
    licence: readme === null ? 'unknown' : (licenceOf(readme) ?? 'unknown'),
    provenance: 'a folder on this computer',
    prompt: prompting.prompt,
    defaults: samplingDefaults(fields),
    stopTokenIds: [...new Set([...stopTokens(spec, fields), ...prompting.stopTokenIds])],
    ...given,
  }
  checkDescription(description)
  return { description, inputs }
}

/** Before hours of work, not after them: the words must fit the manifest. */
function checkDescription(description: Description): void {
  for (const [field, value] of Object.entries(description)) {
    const checked = modelManifest.shape[field as keyof Description].safeParse(value)
    if (!checked.success)
      throw new CompileError(manifestFileName, field, checked.error.issues[0]?.message ?? 'does not fit the manifest')
  }
}

function stopTokens(spec: DecoderSpec, fields: Fields): readonly number[] & number[] {
  const generated = tokenIdsField(fields, 'eos_token_id', spec.vocabularySize, generationFile)
  return [...new Set([...spec.eosTokenIds, ...generated])]
}

function samplingDefaults(fields: Fields): Description['defaults'] {
  const number = (name: string, minimum: number, maximum: number, otherwise: number) => {
    const value = own(fields, name)
    return typeof value === 'number' && value >= minimum && value <= maximum ? value : otherwise
  }
  return { temperature: number('temperature', 0, 2, 0.8), topP: number('top_p', 0.01, 1, 0.95) }
}

/** `license: mit` between the two `---` lines a Hugging Face README starts with. */
export function licenceOf(readme: Uint8Array): string | null {
  const text = new TextDecoder().decode(readme)
  const end = text.startsWith('---') ? text.indexOf('\n---', 3) : -1
  if (end < 0) return null
  for (const line of text.slice(0, end).split('\n')) {
    if (line.startsWith('license:')) return line.slice('license:'.length).trim().slice(0, 100) || null
  }
  return null
}
