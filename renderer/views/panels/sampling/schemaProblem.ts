// Whether a text can hold an answer to a JSON schema. It looks for what the grammar compiler refuses; the rest of JSON Schema it takes or ignores.

export interface SchemaProblem {
  readonly kind: 'not-json' | 'not-object' | 'unknown-type' | 'outside-reference' | 'missing-reference' | 'too-long'
  readonly detail: string
}

const types: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array'])
const longest = 100_000

/** null for a schema that can be used, and for an empty text, which stands for any JSON. */
export function schemaProblem(text: string): SchemaProblem | null {
  if (text.trim() === '') return null
  if (text.length > longest) return { kind: 'too-long', detail: '' }
  try {
    const schema: unknown = JSON.parse(text)
    return isRecord(schema) ? problemWithin(schema, schema) : { kind: 'not-object', detail: '' }
  } catch (error) {
    return { kind: 'not-json', detail: error instanceof Error ? error.message : String(error) }
  }
}

function problemWithin(value: unknown, root: object): SchemaProblem | null {
  if (Array.isArray(value)) return firstOf(value, root)
  if (!isRecord(value)) return null
  const { type, $ref, ...rest } = value
  // In `properties` a name may itself be `type` or `$ref`: there it holds a schema.
  for (const one of Array.isArray(type) ? type : typeof type === 'string' ? [type] : []) {
    if (!types.has(one)) return { kind: 'unknown-type', detail: JSON.stringify(one) }
  }
  if (typeof $ref === 'string') {
    if (!$ref.startsWith('#')) return { kind: 'outside-reference', detail: $ref }
    if (!isThere($ref, root)) return { kind: 'missing-reference', detail: $ref }
  }
  // Values, not schemas: a word `type` in them means nothing.
  const { enum: _enum, const: _const, default: _default, examples: _examples, ...schemas } = rest
  return firstOf([type, $ref, ...Object.values(schemas)].filter(isContainer), root)
}

function firstOf(values: readonly unknown[], root: object): SchemaProblem | null {
  for (const value of values) {
    const problem = problemWithin(value, root)
    if (problem !== null) return problem
  }
  return null
}

/** A JSON pointer in a fragment: `#`, `#/$defs/name`. */
function isThere(reference: string, root: object): boolean {
  const steps = reference.slice(1).split('/').slice(1)
  let place: unknown = root
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isContainer(place) || !Object.hasOwn(place, name)) return false
    place = (place as Record<string, unknown>)[name]
  }
  return true
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value)
}
