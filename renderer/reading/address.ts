// Which addresses of a text become links: whole http and https addresses without a password, shown with their host as the network will see it.
import { cleanText } from './cleanText.ts'
import { limits } from './limits.ts'

export interface Address {
  readonly href: string
  /** In ASCII (punycode), with the port where there is one. */
  readonly host: string
}

/** null for anything else: other programs, paths, hidden characters. */
export function readAddress(text: string): Address | null {
  if (text.length > limits.addressCharacters || cleanText(text) !== text || /\s/.test(text)) return null
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const { protocol, href, host, username, password } = new URL(text)
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '' || host === '') return null
  return href.length > limits.addressCharacters ? null : { href, host }
}
