// The `conv_template` of mlc-chat-config.json: how web-llm puts turns into a prompt. web-llm writes, per message,
// role + role_content_sep + text + separator, and for the reply it opens role + role_empty_sep. The wrapping lives in the roles and separators and
// `role_templates` stay out: those pass user text through String.replace, where `$&` and `$'` would change it.
import type { PromptTemplate } from '../model.ts'

/** What decides a conversation template: a part of the model manifest. */
export interface Prompting {
  readonly prompt: PromptTemplate
  readonly bosTokenId: number | null
  readonly stopTokenIds: readonly number[]
}

/** web-llm 0.2.86 `ConvTemplateConfig`, as plain data. */
export interface ConvTemplate {
  readonly name: string
  readonly system_template: '{system_message}'
  readonly system_message: ''
  readonly roles: { readonly user: string; readonly assistant: string; readonly tool: string }
  readonly seps: readonly string[]
  readonly role_content_sep: string
  readonly role_empty_sep: string
  readonly stop_str: readonly string[]
  readonly stop_token_ids: readonly number[]
  readonly system_prefix_token_ids?: readonly number[]
  readonly add_role_after_system_message: true
}

/** The conversation template of a model. A completion model gets an empty wrapping: web-llm wants one even where no turn is ever sent. */
export function convTemplate({ prompt, bosTokenId, stopTokenIds }: Prompting): ConvTemplate {
  const pieces = turnPieces(prompt)
  return {
    name: prompt.kind === 'turns' ? prompt.name : 'completion',
    system_template: '{system_message}',
    system_message: '',
    roles: { user: pieces.userRole, assistant: pieces.assistantRole, tool: pieces.userRole },
    seps: [pieces.userEnd, pieces.assistantEnd],
    role_content_sep: pieces.contentGap,
    role_empty_sep: pieces.replyGap,
    stop_str: prompt.kind === 'turns' ? prompt.stopStrings : [],
    stop_token_ids: stopTokenIds,
    ...(bosTokenId === null ? {} : { system_prefix_token_ids: [bosTokenId] }),
    add_role_after_system_message: true,
  }
}

export interface TurnPieces {
  readonly userRole: string
  readonly assistantRole: string
  /** Between a role and its text. */
  readonly contentGap: string
  /** Between the assistant's role and a reply that is still to be written. */
  readonly replyGap: string
  readonly userEnd: string
  readonly assistantEnd: string
}

/**
 * A template's prefixes cut into role and gap. web-llm knows one gap for both roles, so white space at the end of a prefix is the gap: `User: ` and
 * `Assistant:` become roles `User:` and `Assistant:`, gap ` ` before text and no gap before the reply, whose first token carries its own space.
 */
export function turnPieces(prompt: PromptTemplate): TurnPieces {
  if (prompt.kind === 'completion') {
    return { userRole: '', assistantRole: '', contentGap: '', replyGap: '', userEnd: '', assistantEnd: '' }
  }
  const userRole = prompt.userPrefix.trimEnd()
  const assistantRole = prompt.assistantPrefix.trimEnd()
  return {
    userRole,
    assistantRole,
    contentGap: prompt.userPrefix.slice(userRole.length),
    replyGap: prompt.assistantPrefix.slice(assistantRole.length),
    userEnd: prompt.userSuffix,
    assistantEnd: prompt.assistantSuffix,
  }
}
