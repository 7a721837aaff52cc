// Names from people and from the network. A repository id, a revision and a file name are checked before they go into an address, and none of them ever
// becomes a path on this disk: the store names its own files.
import { HubError } from './problem.ts'

export interface RepositoryAddress {
  /** publisher/name. */
  readonly id: string
  /** A branch, tag or commit that was named with it. */
  readonly revision: string | null
}

const segment = /^[A-Za-z0-9](?:[\w.-]{0,94}[\w-])?$/
const revisionPattern = /^[A-Za-z0-9_][\w./-]{0,199}$/
export const commitPattern = /^[0-9a-f]{40}$/

/**
 * Reads `publisher/name` or an address of its page, with `/tree/<revision>` or not, on one of the given hosts (`huggingface.co` and the configured
 * Hub's). Throws HubError bad-name.
 */
export function readRepository(text: string, hosts: readonly string[]): RepositoryAddress {
  const trimmed = text.trim()
  const [id, revision] = trimmed.includes('://') ? fromAddress(trimmed, hosts) : [trimmed, null]
  if (!isRepositoryId(id)) throw bad(trimmed, 'expected publisher/name or the address of its page')
  return { id, revision: revision === null ? null : checkRevision(revision) }
}

/** Hugging Face's rule: two names of letters, digits, `_`, `.` and `-`, no `--`, no `..`, not ending in `.git`, 96 characters. */
export function isRepositoryId(id: string): boolean {
  const [publisher = '', name = '', more] = id.split('/')
  return (
    more === undefined &&
    segment.test(publisher) &&
    segment.test(name) &&
    id.length <= 96 &&
    !id.includes('--') &&
    !id.includes('..') &&
    !id.endsWith('.git')
  )
}

/** A branch, tag, commit or `refs/pr/7`. Throws HubError bad-name. */
export function checkRevision(revision: string): string {
  const isFine = revisionPattern.test(revision) && !/\.\.|\/\/|\/$|\.lock$|\.$/.test(revision)
  if (!isFine) throw bad(revision, 'expected a branch, a tag or a commit')
  return revision
}

function fromAddress(text: string, hosts: readonly string[]): readonly [string, string | null] {
  const url = URL.parse(text)
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || !hosts.includes(url.host))
    throw bad(text, `expected an address on ${hosts.join(' or ')}`)
  const parts = url.pathname.split('/').filter((part) => part !== '')
  const [publisher = '', name = '', view, ...rest] = parts
  // A pull request's revision has slashes of its own.
  const length = rest[0] === 'refs' ? 3 : 1
  const named = view === 'tree' || view === 'blob' || view === 'resolve'
  return [`${publisher}/${name}`, named ? rest.slice(0, length).join('/') : null]
}

/** Characters that no file system agrees on or that read as others: controls, separators, wildcards, direction marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i

/** What is wrong with a file name of a listing (segments between slashes), null when nothing is. */
export function fileNameProblem(name: string): string | null {
  if (name === '' || name.length > 1024) return 'a file name of 1 to 1024 characters is expected'
  if (!name.isWellFormed() || name !== name.normalize('NFC')) return 'a file name in composed Unicode is expected'
  for (const part of name.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'it has an empty or a relative part'
    if (forbidden.test(part)) return 'it has a character that names cannot have everywhere'
    if (/[. ]$/.test(part)) return 'it has a part that ends in a dot or a space'
    if (reserved.test(part)) return 'it has a part that names a device'
    if (new TextEncoder().encode(part).length > 255) return 'it has a part of more than 255 bytes'
  }
  return null
}

/** Names that are one name where case does not count: the second of each pair. */
export function twinNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return names.filter((name) => {
    const folded = name.normalize('NFC').toLowerCase()
    const isTwin = seen.has(folded)
    seen.add(folded)
    return isTwin
  })
}

function bad(name: string, detail: string): HubError {
  return new HubError({ code: 'bad-name', name, detail })
}
