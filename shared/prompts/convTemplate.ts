// The `conv_template` of mlc-chat-config.json: how web-llm puts turns into a prompt. web-llm writes, per message,
// role + role_content_sep + text + separator, and for the reply it opens role + role_empty_sep. The wrapping lives in the roles and separators and
// `role_templates` stay out: those pass user text through String.replace, where `$&` and `$'` would change it.
import type { PromptTemplate } from '../model.ts'

type Turns = Extract<PromptTemplate, { kind: 'turns' }>
type Dialogue = NonNullable<Turns['dialogue']>

/** What decides a conversation template: a part of the model manifest. */
export interface Prompting {
  readonly prompt: PromptTemplate
  readonly bosTokenId: number | null
  readonly stopTokenIds: readonly number[]
}

/** web-llm 0.2.86 `ConvTemplateConfig`, as plain data. */
export interface ConvTemplate {
  readonly name: string
  readonly system_template: string
  readonly system_message: string
  readonly roles: { readonly user: string; readonly assistant: string; readonly tool: string }
  readonly seps: string[]
  readonly role_content_sep: string
  readonly role_empty_sep: string
  readonly stop_str: string[]
  readonly stop_token_ids: number[]
  readonly system_prefix_token_ids?: number[]
  readonly add_role_after_system_message: boolean
}

/**
 * The conversation template in a model's own configuration, for whoever loads the folder with web-llm. A completion model gets an empty wrapping:
 * web-llm wants one even where no turn is ever sent. What it cannot say is left out: rounds are not counted, blank lines stay.
 */
export function convTemplate(prompting: Prompting): ConvTemplate {
  const { prompt } = prompting
  const common = commonParts(prompting)
  if (prompt.kind === 'turns' && prompt.dialogue !== undefined)
    return { ...common, ...dialogueParts(prompt, prompt.dialogue) }
  const pieces = turnPieces(prompt)
  return {
    ...common,
    roles: { user: pieces.userRole, assistant: pieces.assistantRole, tool: pieces.userRole },
    seps: [pieces.userEnd, pieces.assistantEnd],
    role_content_sep: pieces.contentGap,
    role_empty_sep: pieces.replyGap,
  }
}

/**
 * The conversation template a model is loaded with here, in place of its configuration's own: web-llm gets finished pieces and adds nothing but the ids in
 * front. By itself it would tokenize role, text and opened reply of a dialogue apart and, continuing from its cache, leave out the end of the
 * previous reply; and what it is sent is what the person can inspect and run again.
 */
export function loadedConvTemplate(prompting: Prompting): ConvTemplate {
  return commonParts(prompting)
}

/** Ids in front of everything: BOS, or what a template puts there in its place. */
export function prefixTokenIds({ prompt, bosTokenId }: Pick<Prompting, 'prompt' | 'bosTokenId'>): readonly number[] {
  const lead = prompt.kind === 'turns' ? (prompt.dialogue?.leadTokenIds ?? []) : []
  return lead.length > 0 ? lead : bosTokenId === null ? [] : [bosTokenId]
}

function commonParts(prompting: Prompting): ConvTemplate {
  const { prompt, stopTokenIds } = prompting
  const prefix = prefixTokenIds(prompting)
  return {
    name: prompt.kind === 'turns' ? prompt.name : 'completion',
    system_template: '{system_message}',
    system_message: '',
    roles: { user: '', assistant: '', tool: '' },
    seps: [''],
    role_content_sep: '',
    role_empty_sep: '',
    stop_str: prompt.kind === 'turns' ? prompt.stopStrings : [],
    stop_token_ids: [...stopTokenIds],
    ...(prefix.length === 0 ? {} : { system_prefix_token_ids: [...prefix] }),
    add_role_after_system_message: true,
  }
}

/** What stands before the first text differs from later turns, so it goes where web-llm puts the system text, and the first role is left out. */
function dialogueParts(
  prompt: Turns,
  { firstUserPrefix, system, replyGap, firstRound }: Dialogue,
): Partial<ConvTemplate> {
  const counted = (prefix: string) => (firstRound === null ? prefix : prefix.split('{round}').join(String(firstRound)))
  const tuned = system === null || system.text === '' ? null : system
  const userPrefix = counted(prompt.userPrefix)
  // web-llm has one gap for both roles. Where user turns end their prefix otherwise, finished replies go without it.
  const gap = userPrefix.endsWith(replyGap) ? replyGap : ''
  const user = userPrefix.slice(0, userPrefix.length - gap.length)
  return {
    system_template:
      tuned === null
        ? `${counted(firstUserPrefix)}{system_message}`
        : `${tuned.before}{system_message}${counted(tuned.after)}`,
    // web-llm puts it in with String.replace, where a dollar sign means something.
    system_message: tuned === null ? '' : tuned.text.replaceAll('$', '$$$$'),
    roles: { user, assistant: prompt.assistantPrefix, tool: user },
    seps: [prompt.userSuffix, prompt.assistantSuffix],
    role_content_sep: gap,
    add_role_after_system_message: counted(firstUserPrefix) === '' && tuned === null,
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
