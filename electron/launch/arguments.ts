// The command line's grammar: arguments in, a command or a usage error out. No side effects; the commands are files of their own.
import { type PromptChoice, promptNamed } from '../../shared/prompts/choosePrompt.ts'
import { help, integer, number, oneOf, only, parse, share, UsageError } from './argumentParts.ts'
import { type HelpTopic, isHelpTopic } from './help.ts'
import { type ModelCommand, modelId, modelParsers, quantizations, weightFormats } from './modelArguments.ts'

export { UsageError } from './argumentParts.ts'

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

const commandNames = 'run, compile, inspect, list, search, show, pull, verify, rm and doctor'

export type Command =
  | { readonly kind: 'help'; readonly topic: HelpTopic }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'compile'; readonly options: CompileOptions }
  | { readonly kind: 'inspect'; readonly folder: string }
  | { readonly kind: 'list'; readonly json: boolean }
  | ModelCommand

/** Reads the arguments after `hearth`. Throws a UsageError that names what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args
  switch (name) {
    case undefined:
      throw new UsageError(`a command is needed: ${commandNames}; see hearth --help`)
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
    default: {
      const parser = Object.hasOwn(modelParsers, name) ? modelParsers[name as keyof typeof modelParsers] : undefined
      if (parser === undefined) throw unknown(name)
      return parser(rest)
    }
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

function helpTopic(name: string | undefined): HelpTopic {
  if (name === undefined) return 'hearth'
  if (isHelpTopic(name)) return name
  throw unknown(name)
}

function unknown(name: string): UsageError {
  return new UsageError(`unknown command ${name}; there are ${commandNames}`)
}
