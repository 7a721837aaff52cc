// The `conv_template` of a published mlc-chat-config.json as a prompt template. It is plain data: roles, separators, a system text. Where it asks for more
// (user text wrapped by a template, roles that depend on each other), nothing is made of it.
import type { PromptTemplate } from '../../model.ts'
import { own } from '../checkpoint/config.ts'

export interface Conversation {
  readonly name: string
  readonly prompt: Extract<PromptTemplate, { kind: 'turns' }>
  readonly stopTokenIds: readonly number[]
}

const maximumCharacters = 8192

/** null where it is none, or one that this form cannot say. `vocabularySize` bounds its token ids; `bosTokenId` is what the model begins with anyway. */
export function readConversation(
  value: unknown,
  vocabularySize: number,
  bosTokenId: number | null,
): Conversation | null {
  if (!isRecord(value)) return null
  const text = (name: string, whenAbsent: string) => textOf(own(value, name) ?? whenAbsent)
  const roles = own(value, 'roles')
  if (!isRecord(roles) || !plainTemplates(own(value, 'role_templates'))) return null
  const [user, assistant] = [textOf(own(roles, 'user')), textOf(own(roles, 'assistant'))]
  const [contentGap, emptyGap] = [text('role_content_sep', ''), text('role_empty_sep', '')]
  const [name, systemTemplate, systemText] = [
    text('name', 'published'),
    text('system_template', systemPlace),
    text('system_message', ''),
  ]
  const seps = textsOf(own(value, 'seps'))
  const stopStrings = textsOf(own(value, 'stop_str') ?? [])
  const stopTokenIds = idsOf(own(value, 'stop_token_ids') ?? [], vocabularySize)
  const lead = idsOf(own(value, 'system_prefix_token_ids') ?? [], vocabularySize)
  const texts = [user, assistant, contentGap, emptyGap, name, systemTemplate, systemText]
  if (texts.includes(null) || seps === null || stopStrings === null || stopTokenIds === null || lead === null)
    return null
  const [userEnd, assistantEnd = userEnd] = seps
  // What the model writes itself between the opened reply and its first word.
  if (userEnd === undefined || !contentGap?.startsWith(emptyGap ?? '')) return null
  const userPrefix = `${user}${contentGap}`
  const [before, after, more] = (systemTemplate ?? '').split(systemPlace)
  // mlc-llm's form for `[INST] <<SYS>>`: the system text stands inside the first turn, whose role is then not written.
  const roleFollows = own(value, 'add_role_after_system_message') !== false
  const hasSystem = before !== undefined && after !== undefined && more === undefined
  if (!roleFollows && !hasSystem) return null
  const follows = roleFollows ? userPrefix : ''
  return {
    name: name ?? '',
    stopTokenIds,
    prompt: {
      kind: 'turns',
      name: name ?? '',
      userPrefix,
      userSuffix: userEnd,
      assistantPrefix: `${assistant}${emptyGap}`,
      assistantSuffix: assistantEnd ?? '',
      singleTurn: false,
      stopStrings: stopStrings.filter((one) => one !== ''),
      dialogue: {
        leadTokenIds: lead.length === 1 && lead[0] === bosTokenId ? [] : lead,
        // mlc-llm writes the surroundings of an empty system text as well.
        firstUserPrefix: hasSystem && systemText === '' ? `${before}${after}${follows}` : userPrefix,
        system: hasSystem ? { before, after: `${after}${follows}`, text: systemText ?? '' } : null,
        replyGap: (contentGap ?? '').slice((emptyGap ?? '').length),
        replyStart: '',
        firstRound: null,
        squeezeBlankLines: false,
      },
    },
  }
}

const systemPlace = '{system_message}'
const placeholders: Readonly<Record<string, string>> = {
  user: '{user_message}',
  assistant: '{assistant_message}',
  tool: '{tool_message}',
}

/** Each role's text stands as it is. */
function plainTemplates(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (!isRecord(value)) return false
  return ['user', 'assistant'].every((role) => (own(value, role) ?? placeholders[role]) === placeholders[role])
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.length <= maximumCharacters ? value : null
}

function textsOf(value: unknown): readonly string[] | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = all.map(textOf)
  return all.length <= 64 && texts.every((text) => text !== null) ? texts : null
}

function idsOf(value: unknown, vocabularySize: number): number[] | null {
  if (!Array.isArray(value) || value.length > 64) return null
  const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0
  // Ids behind the vocabulary's end (a template that serves several models) end nothing.
  return value.every(isId) ? value.filter((id) => id < vocabularySize) : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
