// The page's one Trusted Types policy. The content security policy turns every string that could become code into an error; this lets exactly one
// kind through: the address of a worker that the build put into the app's own assets.

interface TrustedTypes {
  createPolicy(name: string, rules: { readonly createScriptURL: (address: string) => string }): unknown
}

const ownWorker = /^\/assets\/[A-Za-z0-9._-]+\.js$/

/** The address itself when it names one of the app's own scripts; anything else is an error in the page. */
export function trustOwnWorker(address: string, origin: string): string {
  const url = new URL(address, origin)
  if (url.href === `${origin}${url.pathname}` && ownWorker.test(url.pathname)) return url.href
  throw new TypeError(`not a script of this app: ${address}`)
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
trustedTypes?.createPolicy('default', { createScriptURL: (address) => trustOwnWorker(address, location.origin) })
