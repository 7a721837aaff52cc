// What repositories declare beside a vocabulary: added_tokens.json, special_tokens_map.json and tokenizer_config.json. transformers has written all
// three over the years, often the same token in each.
import { CompileError } from '../../errors.ts'
import { configFields, type Fields, own } from '../checkpoint/config.ts'
import { quoted } from '../checkpoint/json.ts'
import { type AddedToken, addedToken } from './json.ts'

export interface Addition {
  readonly content: string
  /** null: the next free id. */
  readonly id: number | null
  readonly special: boolean
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly singleWord: boolean
  /** `file: field` for messages. */
  readonly file: string
}

export const configName = 'tokenizer_config.json'
export const addedName = 'added_tokens.json'
export const specialName = 'special_tokens_map.json'
const roles = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token']
const maximumAdditions = 65_536

/** The parsed files, each null when the folder lacks it. */
export interface AdditionFiles {
  readonly config: unknown
  readonly added: unknown
  readonly special: unknown
}

/** Every declared token once: ids and flags from where they are given, special wherever one file says so. */
export function readAdditions({ config, added, special }: AdditionFiles): readonly Addition[] {
  const byContent = new Map<string, Addition>()
  const add = (one: Addition) => {
    if (one.content === '') return // early LLaMA conversions name "" as their special tokens
    const known = byContent.get(one.content)
    if (known?.id != null && one.id !== null && known.id !== one.id)
      throw new CompileError(
        one.file,
        quoted(one.content),
        `has the id ${one.id}, but ${known.file} gives it ${known.id}`,
      )
    byContent.set(
      one.content,
      known === undefined ? one : { ...known, id: known.id ?? one.id, special: known.special || one.special },
    )
    if (byContent.size > maximumAdditions)
      throw new CompileError(one.file, '', `more than ${maximumAdditions} added tokens`)
  }
  for (const one of fromDecoder(config)) add(one)
  for (const one of fromAddedTokens(added)) add(one)
  for (const one of fromRoles(special, specialName)) add(one)
  for (const one of fromRoles(config, configName)) add(one)
  return [...byContent.values()]
}

/** Where each addition stands. `vocab` is the vocabulary it joins; ids at or beyond `rows` have no embedding and are left out. */
export function placeAdditions(
  additions: readonly Addition[],
  vocab: Map<string, number>,
  rows: number,
): readonly AddedToken[] {
  const owners = new Map([...vocab].map(([token, id]) => [id, token]))
  let next = [...owners.keys()].reduce((a, b) => Math.max(a, b), -1) + 1
  const placed: AddedToken[] = []
  const given = additions.filter(({ id }) => id !== null)
  for (const one of [...given, ...additions.filter(({ id }) => id === null)]) {
    const known = vocab.get(one.content)
    const id = known ?? one.id ?? next
    const owner = owners.get(id)
    if (one.id !== null && one.id !== id)
      throw new CompileError(one.file, quoted(one.content), `has the id ${one.id}, but the vocabulary gives it ${id}`)
    if (owner !== undefined && owner !== one.content)
      throw new CompileError(one.file, quoted(one.content), `has the id ${id} of ${quoted(owner)}`)
    next = Math.max(next, id + 1)
    if (id >= rows) continue
    owners.set(id, one.content)
    vocab.set(one.content, id)
    const { lstrip, rstrip, singleWord } = one
    placed.push({ ...addedToken(id, one.content, one.special), single_word: singleWord, lstrip, rstrip })
  }
  return placed.sort((a, b) => a.id - b.id)
}

function fromDecoder(config: unknown): readonly Addition[] {
  const table = config === null ? null : (own(configFields(config, configName), 'added_tokens_decoder') ?? null)
  if (table === null) return []
  return Object.entries(configFields(table, configName)).map(([key, token]) => {
    const at = `added_tokens_decoder[${quoted(key)}]`
    if (!/^\d{1,7}$/.test(key)) throw new CompileError(configName, at, 'expected an id')
    return { ...additionOf(token, configName, at), id: Number(key) }
  })
}

function fromAddedTokens(added: unknown): readonly Addition[] {
  if (added === null) return []
  return Object.entries(configFields(added, addedName)).map(([content, id]) => {
    if (!Number.isSafeInteger(id) || (id as number) < 0)
      throw new CompileError(addedName, quoted(content), `${quoted(String(JSON.stringify(id)))}, expected an id`)
    return { ...plain(content, addedName), id: id as number }
  })
}

function fromRoles(value: unknown, file: string): readonly Addition[] {
  if (value === null) return []
  const fields: Fields = configFields(value, file)
  const more = own(fields, 'additional_special_tokens') ?? []
  if (!Array.isArray(more)) throw new CompileError(file, 'additional_special_tokens', 'expected a list')
  const named = roles.flatMap((role) => {
    const token = own(fields, role) ?? null
    return token === null ? [] : [{ token, at: role }]
  })
  const listed = more.map((token: unknown, index) => ({ token, at: `additional_special_tokens[${index}]` }))
  return [...named, ...listed].map(({ token, at }) => ({ ...additionOf(token, file, at), special: true }))
}

/** `"</s>"`, or an object with content and flags. */
function additionOf(token: unknown, file: string, at: string): Addition {
  if (typeof token === 'string') return plain(token, file)
  const fields = (typeof token === 'object' && token !== null ? token : {}) as Fields
  const content = own(fields, 'content')
  if (typeof content !== 'string') throw new CompileError(file, at, 'expected a text, or an object with content')
  const flag = (name: string) => own(fields, name) === true
  return {
    ...plain(content, file),
    special: flag('special'),
    lstrip: flag('lstrip'),
    rstrip: flag('rstrip'),
    singleWord: flag('single_word'),
  }
}

function plain(content: string, file: string): Addition {
  return { content, id: null, special: false, lstrip: false, rstrip: false, singleWord: false, file }
}
