// Which prompt template a checkpoint gets, and why: what was asked for, then what its name says, then what its own chat template looks like. A model
// that only continues text gets none, even where its repository carries one (publishers copy it from their chat models).
import type { Variant } from '../model.ts'
import { chatTemplateKind } from './chatTemplateKind.ts'
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
  /** Half a sentence for the person who compiles: `vicuna-7b-v1.5 was published with it`. */
  readonly reason: string
}

/** The choice when nothing was asked for. */
export function templateFor({ modelType, repository, chatTemplate, specialTokens }: Checkpoint): PromptChoice {
  const published = repository === null ? null : publishedTemplate(repository)
  if (published === 'base') {
    const carried = chatTemplate === null ? '' : '; the chat template it carries is not used'
    return none(`${repository} is a base model${carried}`)
  }
  if (published !== null) return chosen(published, `${repository} was tuned with it`)
  if (chatTemplate !== null) {
    const kind = chatTemplateKind(chatTemplate, modelType)
    if (kind !== null) return chosen(kind, 'the chat template it carries is of this kind')
    return none('the chat template it carries is of no known kind; --prompt names one')
  }
  const hint = specialTokens.includes('<|im_start|>') ? ' (its vocabulary has the markers of chatml)' : ''
  return none(`nothing says that it was tuned to answer${hint}; --prompt names a template`)
}

/** No template, by choice. */
export const continuesText: PromptChoice = { template: null, variant: 'base', reason: 'as asked for' }

/** What was asked for by name: a template, or `none`. Undefined for an unknown name. */
export function promptNamed(name: string): PromptChoice | undefined {
  if (name === 'none') return continuesText
  const template = templateNamed(name)
  return template && chosen(template, continuesText.reason)
}

function chosen(template: Template, reason: string): PromptChoice {
  return { template, variant: template.variant, reason }
}

function none(reason: string): PromptChoice {
  return { template: null, variant: 'base', reason }
}
