// Which JSON schemas the grammar compiler inside web-llm keeps to. It takes many more and passes over what it does not know, so that the answer would break
// the schema without a word; what is allowed here was tried, keyword by keyword.

type Node = Readonly<Record<string, unknown>>

/** Say nothing about a value. */
const annotations = new Set(
  'title description default examples deprecated readOnly writeOnly $schema $id $comment $defs definitions'.split(' '),
)

/** Stand alone: what is beside them is passed over, but for a type beside listed values. */
const alone = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const'] as const

const ofType: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  integer: ['minimum', 'maximum'],
  // Its bounds are kept to the nearest integer only.
  number: [],
  boolean: [],
  null: [],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
  ],
}

/** Every other word is an annotation by the standard. */
const assertions = new Set([
  ...alone,
  'type',
  ...Object.values(ofType).flat(),
  ...'not if then else dependentRequired dependentSchemas dependencies multipleOf exclusiveMinimum'.split(' '),
  ...'exclusiveMaximum uniqueItems contains minContains maxContains additionalItems'.split(' '),
  ...'unevaluatedItems unevaluatedProperties $dynamicRef $recursiveRef'.split(' '),
])

const formats = new Set('email date time date-time duration ipv4 ipv6 hostname uuid uri'.split(' '))

/** What stands in the way of a schema, with its place (`/properties/age: ...`); null for one that is kept to. */
export function schemaObstacle(schema: unknown, place = ''): string | null {
  const at = (what: string) => `${place === '' ? 'the schema' : place}: ${what}`
  if (schema === true) return null
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    return at(schema === false ? 'false allows no value' : 'a schema is an object or true')
  const node = schema as Node
  const words = Object.keys(node).filter((word) => assertions.has(word) && !annotations.has(word))
  const single = alone.find((word) => word in node)
  const allowed = single === undefined ? keptWords(node) : [single, ...(isListed(single) ? ['type'] : [])]
  const other = words.find((word) => !allowed.includes(word))
  if (other !== undefined) return at(`"${other}" cannot be kept to here`)
  const own = single === undefined ? ownObstacle(node) : aloneObstacle(single, node[single])
  if (own !== null) return at(own)
  for (const [inner, value] of innerSchemas(node)) {
    const obstacle = schemaObstacle(value, `${place}/${inner}`)
    if (obstacle !== null) return obstacle
  }
  return null
}

function isListed(word: string): boolean {
  return word === 'enum' || word === 'const'
}

function typesOf(node: Node): readonly string[] {
  const { type } = node
  if (type !== undefined) return [type].flat().map(String)
  return 'properties' in node ? ['object'] : 'items' in node || 'prefixItems' in node ? ['array'] : []
}

function keptWords(node: Node): readonly string[] {
  return ['type', ...typesOf(node).flatMap((type) => ofType[type] ?? [])]
}

function aloneObstacle(word: (typeof alone)[number], value: unknown): string | null {
  if (word === 'const') return null
  if (word === '$ref') return /^#(\/|$)/.test(String(value)) ? null : '"$ref" leads out of the schema'
  if (!Array.isArray(value) || value.length === 0) return `"${word}" is a list of one or more`
  if (word === 'allOf' && value.length > 1) return '"allOf" with several schemas cannot be kept to'
  return word === 'oneOf' && !areApart(value) ? '"oneOf" is kept to where its schemas have different types' : null
}

/** Nothing can be of two of them. The compiler reads `oneOf` as `anyOf`. */
function areApart(schemas: readonly unknown[]): boolean {
  const types = schemas.map((schema) => (schema as Node | null)?.type)
  const whole = types.map((type) => (type === 'integer' ? 'number' : type))
  return types.every((type) => typeof type === 'string') && new Set(whole).size === types.length
}

function ownObstacle(node: Node): string | null {
  const unknown = typesOf(node).find((type) => !(type in ofType))
  if (unknown !== undefined) return `there is no type "${unknown}"`
  const { format, pattern, minimum, maximum, properties, required, items } = node
  const isSized = 'minLength' in node || 'maxLength' in node
  if (Number(pattern !== undefined) + Number(format !== undefined) + Number(isSized) > 1)
    return 'only one of pattern, format and length can be kept to'
  if (pattern !== undefined && !isPattern(pattern)) return '"pattern" is no regular expression'
  if (format !== undefined && !formats.has(String(format))) return `the format "${String(format)}" is not known`
  if (typeof minimum === 'number' && maximum === undefined && minimum !== 0 && minimum < 10)
    return 'this "minimum" is kept to only with a "maximum" beside it'
  if (Array.isArray(items)) return '"items" is a schema'
  const named = Object.keys((properties ?? {}) as object)
  if (named.length === 0 && ('minProperties' in node || 'maxProperties' in node))
    return '"minProperties" and "maxProperties" need "properties"'
  const missing = [required ?? []].flat().find((name) => !named.includes(String(name)))
  return missing === undefined ? null : `"required" names ${String(missing)}, which is not among "properties"`
}

function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function* innerSchemas(node: Node): Generator<readonly [place: string, schema: unknown]> {
  for (const word of ['properties', 'patternProperties', '$defs', 'definitions'])
    for (const [name, value] of Object.entries((node[word] ?? {}) as object)) yield [`${word}/${name}`, value]
  for (const word of ['items', 'additionalProperties', 'propertyNames'])
    if (typeof node[word] === 'object') yield [word, node[word]]
  for (const word of ['anyOf', 'oneOf', 'allOf', 'prefixItems'])
    for (const [index, value] of ((node[word] ?? []) as readonly unknown[]).entries()) yield [`${word}/${index}`, value]
}
