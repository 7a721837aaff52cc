// The grammar of the commands that look for models, get them and keep them.
import { help, integer, oneOf, only, parse, UsageError } from './argumentParts.ts'
import type { HelpTopic } from './help.ts'

export const weightFormats = ['q4f16_1', 'q4f32_1', 'q0f32', 'q0f16'] as const
export const quantizations = ['round-to-nearest', 'search'] as const
/** publisher/name */
export const modelId = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/

export interface PullOptions {
  /** publisher/name or the address of its page. */
  readonly repository: string
  readonly format: (typeof weightFormats)[number]
  readonly quantization: (typeof quantizations)[number]
  readonly contextTokens: number | null
  readonly keepCheckpoint: boolean
  readonly json: boolean
}

export type ModelCommand =
  | { readonly kind: 'search'; readonly text: string; readonly json: boolean }
  | { readonly kind: 'show'; readonly subject: string; readonly json: boolean }
  | { readonly kind: 'pull'; readonly options: PullOptions }
  /** Without ids: every model. */
  | { readonly kind: 'verify'; readonly ids: readonly string[]; readonly repair: boolean; readonly json: boolean }
  | { readonly kind: 'rm'; readonly ids: readonly string[]; readonly json: boolean }
  | { readonly kind: 'doctor'; readonly json: boolean }
type Parsed = ModelCommand | { readonly kind: 'help'; readonly topic: HelpTopic }

const json = { type: 'boolean' } as const

/** By name; each reads the arguments behind it. */
export const modelParsers = { search, show, pull, verify, rm, doctor } as const satisfies Readonly<
  Record<ModelCommand['kind'], (args: readonly string[]) => Parsed>
>

function search(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, { help, json })
  if (values.help) return { kind: 'help', topic: 'search' }
  const text = positionals.join(' ').trim()
  if (text === '') throw new UsageError('search: words are needed; see hearth search --help')
  return { kind: 'search', text, json: values.json ?? false }
}

function show(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, { help, json })
  if (values.help) return { kind: 'help', topic: 'show' }
  return { kind: 'show', subject: only(positionals, 'show', 'publisher/name'), json: values.json ?? false }
}

function pull(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, {
    help,
    json,
    format: { type: 'string' },
    quantization: { type: 'string' },
    context: { type: 'string' },
    'keep-checkpoint': { type: 'boolean' },
  })
  if (values.help) return { kind: 'help', topic: 'pull' }
  return {
    kind: 'pull',
    options: {
      repository: only(positionals, 'pull', 'publisher/name'),
      format: oneOf('--format', values.format, weightFormats) ?? 'q4f16_1',
      quantization: oneOf('--quantization', values.quantization, quantizations) ?? 'search',
      contextTokens: integer('--context', values.context, 128, 1_048_576),
      keepCheckpoint: values['keep-checkpoint'] ?? false,
      json: values.json ?? false,
    },
  }
}

function verify(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, { help, json, repair: { type: 'boolean' } })
  if (values.help) return { kind: 'help', topic: 'verify' }
  return {
    kind: 'verify',
    ids: checkedIds(positionals, 'verify'),
    repair: values.repair ?? false,
    json: values.json ?? false,
  }
}

function rm(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, { help, json })
  if (values.help) return { kind: 'help', topic: 'rm' }
  if (positionals.length === 0) throw new UsageError('rm: a model is needed; see hearth rm --help')
  return { kind: 'rm', ids: checkedIds(positionals, 'rm'), json: values.json ?? false }
}

function doctor(args: readonly string[]): Parsed {
  const { values, positionals } = parse(args, { help, json })
  if (values.help) return { kind: 'help', topic: 'doctor' }
  if (positionals.length > 0) throw new UsageError(`doctor: unexpected argument ${positionals[0]}`)
  return { kind: 'doctor', json: values.json ?? false }
}

function checkedIds(ids: readonly string[], command: string): readonly string[] {
  const wrong = ids.find((id) => !modelId.test(id))
  if (wrong !== undefined) throw new UsageError(`${command}: expected publisher/name, got ${wrong}`)
  return ids
}
