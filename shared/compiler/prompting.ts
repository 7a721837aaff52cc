// How a compiled model is spoken to: its prompt template, the tokens that end a reply, and whether BOS goes in front. Read from the tokenizer's files;
// the chat template in them is a stranger's program and is looked at, never run.
import type { PromptTemplate, Variant } from '../model.ts'
import { type PromptChoice, templateFor } from '../prompts/choosePrompt.ts'
import { promptTemplate, stopTokenIds } from '../prompts/template.ts'
import { tokenizerFacts } from '../prompts/tokenizerFacts.ts'
import type { DecoderSpec } from './architectures/spec.ts'
import { beginsWithBos } from './beginsWithBos.ts'
import type { ModelSource } from './checkpoint/bytes.ts'
import { readBounded } from './checkpoint/checkpoint.ts'
import { configFields, type Fields, own } from './checkpoint/config.ts'
import { parseJson } from './checkpoint/json.ts'
import type { StoredTokenizer } from './tokenizer/readTokenizer.ts'

export interface PromptQuestion {
  readonly spec: Pick<DecoderSpec, 'modelType' | 'bosTokenId'>
  readonly tokenizer: Pick<StoredTokenizer, 'bytes' | 'traits'>
  /** publisher/name or the folder's name; null when nothing names the checkpoint. */
  readonly repository: string | null
  /** What the person asked for; null leaves it to the checkpoint. */
  readonly asked: PromptChoice | null
}

export interface Prompting {
  readonly choice: PromptChoice
  readonly variant: Variant
  readonly prompt: PromptTemplate
  /** Beside those of the configuration. */
  readonly stopTokenIds: readonly number[]
  readonly bosTokenId: number | null
  /** Files that were read, for the recipe. */
  readonly inputs: readonly string[]
}

const tokenizerConfigFile = 'tokenizer_config.json'
const templateFiles = ['chat_template.jinja', 'chat_template.json'] as const
const maximumBytes = 16 * 2 ** 20

/** Throws CompileError where one of the files is not what its name says. */
export async function choosePrompting(
  source: ModelSource,
  { spec, tokenizer, repository, asked }: PromptQuestion,
  signal: AbortSignal,
): Promise<Prompting> {
  const names = await source.names()
  const inputs = [tokenizerConfigFile, ...templateFiles].filter((name) => names.includes(name))
  const files = new Map<string, Uint8Array>()
  for (const name of inputs) files.set(name, await readBounded(source, name, maximumBytes, signal))
  const fields = (name: string): Fields => {
    const bytes = files.get(name)
    return bytes === undefined ? {} : configFields(parseJson(bytes, name), name)
  }
  const config = fields(tokenizerConfigFile)
  const tokenizerJson = parseJson(tokenizer.bytes, 'tokenizer.json')
  const facts = tokenizerFacts(tokenizerJson, tokenizer.traits.prependsSpace)
  const separate = files.get('chat_template.jinja')
  const chatTemplate =
    separate === undefined
      ? (chatTemplateOf(fields('chat_template.json')) ?? chatTemplateOf(config))
      : new TextDecoder().decode(separate)
  const { modelType } = spec
  const choice = asked ?? templateFor({ modelType, repository, chatTemplate, specialTokens: facts.specialTokens })
  return {
    choice,
    variant: choice.variant,
    prompt: choice.template === null ? { kind: 'completion' } : promptTemplate(choice.template, facts),
    stopTokenIds: choice.template === null ? [] : stopTokenIds(choice.template, facts),
    bosTokenId: beginsWithBos({ spec, config, tokenizerJson, traits: tokenizer.traits }) ? spec.bosTokenId : null,
    inputs,
  }
}

/** One template, or the one named `default` of several. */
function chatTemplateOf(fields: Fields): string | null {
  const value = own(fields, 'chat_template')
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  const named: readonly unknown[] = value
  const usual = named.find((one) => typeof one === 'object' && one !== null && own(one as Fields, 'name') === 'default')
  const template = usual === undefined ? undefined : own(usual as Fields, 'template')
  return typeof template === 'string' ? template : null
}
