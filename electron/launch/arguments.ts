// The command line's grammar: arguments in, a command or a usage error out. No side effects; the commands are files of their own.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type PromptChoice, promptNamed } from '../../shared/prompts/choosePrompt.ts'
import { type HelpTopic, isHelpTopic } from './help.ts'

/** Wrong arguments: one line on stderr and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What `hearth run` was asked for; numbers left out come from the model's own defaults. */
export interface RunOptions {
  /** The text, or `-` to read it from standard input. */
  readonly prompt: string
  readonly modelId: string | null
  readonly maxTokens: number
  readonly temperature: number | null
  readonly topP: number | null
  readonly seed: number | null
  readonly stats: boolean
}

export const weightFormats = ['q4f16_1', 'q4f32_1', 'q0f32', 'q0f16'] as const
export const quantizations = ['round-to-nearest', 'search'] as const

export interface CompileOptions {
  /** The Hugging Face folder. */
  readonly source: string
  /** The model folder to make. */
  readonly target: string
  /** publisher/name; made from the target's name when not given. */
  readonly id: string | null
  readonly format: (typeof weightFormats)[number]
  readonly quantization: (typeof quantizations)[number] | null
  /** Which prompt template; null leaves it to the checkpoint. */
  readonly prompt: PromptChoice | null
}

export type Command =
  | { readonly kind: 'help'; readonly topic: HelpTopic }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'compile'; readonly options: CompileOptions }
  | { readonly kind: 'inspect'; readonly folder: string }
  | { readonly kind: 'list'; readonly json: boolean }

const modelId = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/
const help = { type: 'boolean', short: 'h' } as const

/** Reads the arguments after `hearth`. Throws a UsageError that names what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args
  switch (name) {
    case undefined:
      throw new UsageError('a command is needed: run, compile, inspect or list; see hearth --help')
    case '--help':
    case '-h':
      return { kind: 'help', topic: 'hearth' }
    case 'help':
      return { kind: 'help', topic: helpTopic(rest[0]) }
    case '--version':
      return { kind: 'version' }
    case 'run':
      return parseRun(rest)
    case 'compile':
      return parseCompile(rest)
    case 'inspect':
      return parseInspect(rest)
    case 'list':
      return parseList(rest)
    default:
      throw new UsageError(`unknown command ${name}; there are run, compile, inspect and list`)
  }
}

function parseRun(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    help,
    model: { type: 'string' },
    'max-tokens': { type: 'string' },
    temperature: { type: 'string' },
    'top-p': { type: 'string' },
    seed: { type: 'string' },
    stats: { type: 'boolean' },
  })
  if (values.help) return { kind: 'help', topic: 'run' }
  const prompt = only(positionals, 'run', 'a prompt')
  if (prompt === '') throw new UsageError('run: the prompt is empty')
  return {
    kind: 'run',
    options: {
      prompt,
      modelId: values.model ?? null,
      maxTokens: integer('--max-tokens', values['max-tokens'], 1, 1_000_000) ?? 256,
      temperature: number('--temperature', values.temperature, 0, 5),
      topP: share('--top-p', values['top-p']),
      seed: integer('--seed', values.seed, 0, 2 ** 31 - 1),
      stats: values.stats ?? false,
    },
  }
}

function parseCompile(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    help,
    out: { type: 'string', short: 'o' },
    format: { type: 'string' },
    quantization: { type: 'string' },
    prompt: { type: 'string' },
    id: { type: 'string' },
  })
  if (values.help) return { kind: 'help', topic: 'compile' }
  const source = only(positionals, 'compile', 'a checkpoint folder')
  if (values.out === undefined || values.out === '') throw new UsageError('compile: --out <folder> is needed')
  const format = oneOf('--format', values.format, weightFormats) ?? 'q4f16_1'
  const quantization = oneOf('--quantization', values.quantization, quantizations)
  if (quantization !== null && format.startsWith('q0')) {
    throw new UsageError(`compile: --quantization does not go with ${format}, which keeps every value`)
  }
  const id = values.id ?? null
  if (id !== null && !modelId.test(id)) throw new UsageError(`--id: expected publisher/name, got ${id}`)
  const prompt = values.prompt === undefined ? null : promptNamed(values.prompt)
  if (prompt === undefined)
    throw new UsageError(`--prompt: no template is called ${values.prompt}; see hearth compile --help`)
  return { kind: 'compile', options: { source, target: values.out, id, format, quantization, prompt } }
}

function parseInspect(args: readonly string[]): Command {
  const { values, positionals } = parse(args, { help })
  if (values.help) return { kind: 'help', topic: 'inspect' }
  return { kind: 'inspect', folder: only(positionals, 'inspect', 'a checkpoint folder') }
}

function parseList(args: readonly string[]): Command {
  const { values, positionals } = parse(args, { help, json: { type: 'boolean' } })
  if (values.help) return { kind: 'help', topic: 'list' }
  if (positionals.length > 0) throw new UsageError(`list: unexpected argument ${positionals[0]}`)
  return { kind: 'list', json: values.json ?? false }
}

function parse<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    // The first sentence says what is wrong; the next ones explain how `--` works.
    const [problem] = error instanceof Error ? error.message.split(/\. |\n/) : []
    throw new UsageError(problem ?? 'arguments could not be read', { cause: error })
  }
}

function only(positionals: readonly string[], command: string, what: string): string {
  const [first, second] = positionals
  if (first === undefined) throw new UsageError(`${command}: ${what} is needed; see hearth ${command} --help`)
  if (second !== undefined) throw new UsageError(`${command}: unexpected argument ${second}; quote ${what} with spaces`)
  return first
}

function number(name: string, text: string | undefined, minimum: number, maximum: number): number | null {
  if (text === undefined) return null
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= minimum && value <= maximum) return value
  throw new UsageError(`${name}: expected a number from ${minimum} to ${maximum}, got ${text}`)
}

/** A part of the whole: none at all would leave no token to draw. */
function share(name: string, text: string | undefined): number | null {
  const value = number(name, text, 0, 1)
  if (value !== 0) return value
  throw new UsageError(`${name}: expected a number above 0, up to 1, got ${text}`)
}

function integer(name: string, text: string | undefined, minimum: number, maximum: number): number | null {
  const value = number(name, text, minimum, maximum)
  if (value === null || Number.isInteger(value)) return value
  throw new UsageError(`${name}: expected a whole number, got ${text}`)
}

function oneOf<const T extends string>(name: string, text: string | undefined, known: readonly T[]): T | null {
  if (text === undefined) return null
  const found = known.find((value) => value === text)
  if (found !== undefined) return found
  throw new UsageError(`${name}: expected ${known.join(', ')}, got ${text}`)
}

function helpTopic(name: string | undefined): HelpTopic {
  if (name === undefined) return 'hearth'
  if (isHelpTopic(name)) return name
  throw new UsageError(`unknown command ${name}; there are run, compile, inspect and list`)
}
