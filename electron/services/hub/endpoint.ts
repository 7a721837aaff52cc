// Which Hub is asked, and who may see the token: the configured origin and no other, however often it redirects.
import { HubError } from './problem.ts'

export interface Endpoint {
  /** Scheme, host and port: the only place the token goes. */
  readonly origin: string
  /** Without a slash at its end; a mirror may stand below a path. */
  readonly base: string
  readonly token: string | null
}

const usual = 'https://huggingface.co'

/** From HF_ENDPOINT (default huggingface.co) and HF_TOKEN. Throws HubError bad-name: the address must be https, or http on this computer. */
export function endpointOf(environment: Readonly<Record<string, string | undefined>>): Endpoint {
  const address = environment.HF_ENDPOINT?.trim() || usual
  const url = URL.parse(address)
  const isFine = url !== null && url.username === '' && url.search === '' && url.hash === '' && isSecure(url)
  if (!isFine) {
    throw new HubError({
      code: 'bad-name',
      name: address,
      detail: 'HF_ENDPOINT must be an https address, or http on this computer',
    })
  }
  return {
    origin: url.origin,
    base: url.origin + url.pathname.replace(/\/+$/, ''),
    token: environment.HF_TOKEN?.trim() || null,
  }
}

/** Hosts whose page addresses name repositories of this Hub. */
export function repositoryHosts({ origin }: Endpoint): readonly string[] {
  return [...new Set([new URL(origin).host, 'huggingface.co', 'hf.co'])]
}

/** https, or http to this computer. */
function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/**
 * Why a redirect is not followed, null when it is: no other scheme, no name and password, nothing unencrypted, and nothing on this computer or its network
 * unless the Hub itself is there. Link-local addresses, where clouds keep their machines' secrets, are never asked.
 */
export function redirectProblem(target: URL, { origin }: Endpoint): string | null {
  const own = new URL(origin).hostname
  const { protocol, hostname } = target
  if (protocol !== 'https:' && protocol !== 'http:') return `it redirects to ${protocol}`
  if (target.username !== '' || target.password !== '') return 'it redirects to an address with a name in it'
  if (target.origin === origin) return null
  if (isLoopback(hostname)) return isLoopback(own) ? null : 'it redirects to this computer'
  if (protocol !== 'https:') return 'it redirects to an unencrypted address'
  if (isLinkLocal(hostname)) return 'it redirects to a link-local address'
  const isNear = isPrivate(own) && !isLoopback(own)
  return isPrivate(hostname) && !isNear ? 'it redirects into the local network' : null
}

/** `URL` writes addresses canonically, so `0x7f.1` has become `127.0.0.1` here. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host)
}

function isLinkLocal(host: string): boolean {
  return /^169\.254\./.test(host) || /^\[fe[89ab]/i.test(host)
}

/** Of the networks that are nobody's on the internet (RFC 1918, 4193, 6598), multicast and unassigned ones, and IPv4 in the clothes of IPv6. */
function isPrivate(host: string): boolean {
  if (host.startsWith('[')) return /^\[(::|f[cd]|ff|64:ff9b:)/i.test(host)
  if (/\.(local|internal|lan|home\.arpa)$/.test(host)) return true
  const [first = '', second = '', third, fourth, fifth] = host.split('.')
  const isAddress = [first, second, third, fourth].every((part) => /^\d{1,3}$/.test(part ?? '')) && fifth === undefined
  const [a, b] = [Number(first), Number(second)]
  return (
    isAddress &&
    (a === 0 ||
      a === 10 ||
      a === 127 ||
      a >= 224 ||
      (a === 172 && b >> 4 === 1) ||
      (a === 192 && b === 168) ||
      (a === 100 && b >> 6 === 1))
  )
}
