// A prompt template as it is published, in the pieces its sources give, and what becomes of it for one tokenizer.
import type { PromptTemplate, Variant } from '../model.ts'

export interface Template {
  /** For the command line and the manifest: `vicuna-v1.1`. */
  readonly name: string
  readonly title: string
  readonly variant: Exclude<Variant, 'base'>
  /** Where the exact strings are published. */
  readonly source: string
  /** null where the model was tuned without a place for a system text. */
  readonly system: SystemPlace | null
  readonly user: Surroundings
  /** A finished assistant turn. */
  readonly assistant: Surroundings
  /** Opens the reply: the start of the assistant's prefix. The model writes the rest of the prefix itself. */
  readonly reply: string
  /** The first user prefix where it is not `user.prefix` (no system text given). */
  readonly firstUserPrefix?: string
  /** Tokens in place of BOS, where the vocabulary has all of them. */
  readonly lead?: readonly string[]
  /** Special tokens behind the opened reply, where the vocabulary has all of them. */
  readonly replyStart?: readonly string[]
  /** `{round}` in the user prefix counts from here. */
  readonly firstRound?: number
  readonly squeezeBlankLines?: true
  /** Tuned on one exchange only. */
  readonly singleTurn?: true
  /** Text that ends a reply. */
  readonly stopStrings: readonly string[]
  /** Tokens that end a reply, by their text; their ids are the tokenizer's. */
  readonly stopTokens: readonly string[]
}

interface Surroundings {
  readonly prefix: string
  readonly suffix: string
}

export interface SystemPlace extends Surroundings {
  /** `turn`: inside the first user turn, behind its prefix. */
  readonly place: 'front' | 'turn'
  /** What the model was tuned with when nothing else is said; empty for none. */
  readonly text: string
  /** A longer text of the publisher that is not part of this program: its size, its sha256 and where to read it. */
  readonly published?: { readonly characters: number; readonly sha256: string; readonly where: string }
}

/** What a template has to know of a tokenizer. */
export interface TokenizerFacts {
  /** Encoding puts a space before each text. */
  readonly prependsSpace: boolean
  /** The id of a token's text, null when the vocabulary has none. */
  readonly idOf: (token: string) => number | null
}

/**
 * The manifest's form of a template. Where the tokenizer puts a space before each text, a space that a text would start with is left to it:
 * `[/INST]` and ` answer` are then tokenized as ` [/INST] answer` is in one piece.
 */
export function promptTemplate(
  template: Template,
  tokenizer: TokenizerFacts,
): Extract<PromptTemplate, { kind: 'turns' }> {
  const { system, user, assistant } = template
  const atStart = (text: string) => (tokenizer.prependsSpace && text.startsWith(' ') ? text.slice(1) : text)
  const lead = (template.lead ?? []).map(tokenizer.idOf)
  const replyStart = template.replyStart ?? []
  const first = template.firstUserPrefix ?? user.prefix
  return {
    kind: 'turns',
    name: template.name,
    userPrefix: user.prefix,
    userSuffix: user.suffix,
    assistantPrefix: template.reply,
    assistantSuffix: atStart(assistant.suffix),
    singleTurn: template.singleTurn ?? false,
    stopStrings: [...template.stopStrings],
    dialogue: {
      leadTokenIds: lead.every((id) => id !== null) ? lead : [],
      firstUserPrefix: first,
      system:
        system === null
          ? null
          : system.place === 'turn'
            ? { before: first + system.prefix, after: system.suffix, text: system.text }
            : { before: system.prefix, after: system.suffix + user.prefix, text: system.text },
      replyGap: atStart(assistant.prefix.slice(template.reply.length)),
      replyStart: replyStart.every((token) => tokenizer.idOf(token) !== null) ? replyStart.join('') : '',
      firstRound: template.firstRound ?? null,
      squeezeBlankLines: template.squeezeBlankLines ?? false,
    },
  }
}

/** Ids of the template's stop tokens that the tokenizer has. */
export function stopTokenIds(template: Template, { idOf }: TokenizerFacts): readonly number[] {
  return template.stopTokens.flatMap((token) => idOf(token) ?? [])
}
