// Which prompt template a checkpoint gets, and why: what was asked for, then what its name says, then what its own chat template looks like. A model
// that only continues text gets none, even where its repository carries one (publishers copy it from their chat models).
import type { Variant } from '../model.ts'
import { chatTemplateKind } from './chatTemplateKind.ts'
import type { PromptReason } from './promptReason.ts'
import { publishedTemplate } from './repositories.ts'
import type { Template } from './template.ts'
import { templateNamed } from './templates/index.ts'

/** What is known of a checkpoint. */
export interface Checkpoint {
  /** `model_type` of its configuration. */
  readonly modelType: string
  /** publisher/name, or the name of its folder; null when nothing names it. */
  readonly repository: string | null
  /** The `chat_template` it carries. */
  readonly chatTemplate: string | null
  /** Texts of the special tokens in its vocabulary. */
  readonly specialTokens: readonly string[]
}

export interface PromptChoice {
  /** null: the model continues text. */
  readonly template: Template | null
  readonly variant: Variant
  readonly reason: PromptReason
}

/** The choice when nothing was asked for. */
export function templateFor({ modelType, repository, chatTemplate, specialTokens }: Checkpoint): PromptChoice {
  const published = repository === null ? null : publishedTemplate(repository)
  if (repository !== null && published === 'base')
    return none({ kind: 'base-model', repository, carriesTemplate: chatTemplate !== null })
  if (repository !== null && published !== null && published !== 'base')
    return chosen(published, { kind: 'tuned', repository })
  if (chatTemplate !== null) {
    const kind = chatTemplateKind(chatTemplate, modelType)
    if (kind !== null) return chosen(kind, { kind: 'carries-template' })
    return none({ kind: 'carries-unknown-template' })
  }
  return none({ kind: 'nothing', hasMarkers: specialTokens.includes('<|im_start|>') })
}

/** No template, by choice. */
export const continuesText: PromptChoice = { template: null, variant: 'base', reason: { kind: 'asked' } }

/** What was asked for by name: a template, or `none`. Undefined for an unknown name. */
export function promptNamed(name: string): PromptChoice | undefined {
  if (name === 'none') return continuesText
  const template = templateNamed(name)
  return template && chosen(template, continuesText.reason)
}

function chosen(template: Template, reason: PromptReason): PromptChoice {
  return { template, variant: template.variant, reason }
}

function none(reason: PromptReason): PromptChoice {
  return { template: null, variant: 'base', reason }
}
