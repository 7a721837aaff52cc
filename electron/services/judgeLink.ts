// Whether an address in a text may be opened in the browser. Decided on the parsed address, and only that is opened.

export type JudgedLink =
  | { readonly kind: 'open' | 'ask'; readonly address: string; readonly host: string }
  | { readonly kind: 'refused' }

const refused: JudgedLink = { kind: 'refused' }
/** Characters that are not seen, or that change how their surroundings are seen. A backslash is a slash to some programs. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s\\]/u
const longest = 4000

export function judgeLink(address: string): JudgedLink {
  if (address.length > longest || hidden.test(address) || !/^https?:\/\/[^/]/iu.test(address)) return refused
  if (!URL.canParse(address)) return refused
  const { protocol, host, hostname, username, password, href } = new URL(address)
  if (username !== '' || password !== '' || hostname === '' || href.length > longest) return refused
  // `host` is punycode: what looks like another name is shown as what it is.
  if (protocol === 'https:') return { kind: 'open', address: href, host }
  return protocol === 'http:' ? { kind: 'ask', address: href, host } : refused
}
