// Starts the app's workers. The content security policy asks that script addresses pass the page's Trusted Types policy, the one below: it lets
// scripts of the app itself through and nothing else.
import type { WorkerPort } from './session.ts'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown
}

let policyMade = false

/** A new worker that has no model yet. */
export function startWorker(): WorkerPort {
  makePolicy()
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' })
}

/** From the inference worker: a new thread that reads weights. */
export function startReader(): Worker {
  makePolicy()
  return new Worker(new URL('./readerWorker.ts', import.meta.url), { type: 'module', name: 'reader' })
}

/** A new worker that measures the adapter once (probe/worker.ts). */
export function startProbeWorker(): Worker {
  makePolicy()
  return new Worker(new URL('./probe/worker.ts', import.meta.url), { type: 'module', name: 'probe' })
}

/** A new worker that parses the text of messages (reading/worker.ts). */
export function startReadingWorker(): Worker {
  makePolicy()
  return new Worker(new URL('../reading/worker.ts', import.meta.url), { type: 'module', name: 'reading' })
}

/** The address itself when it is one of the app's own; anything else is an error in the page. */
export function trustOwnScript(address: string, base: string): string {
  const url = new URL(address, base)
  const own = new URL(base)
  if (url.protocol === own.protocol && url.host === own.host && /\.(js|ts)$/.test(url.pathname)) return url.href
  throw new TypeError(`not a script of this app: ${address}`)
}

function makePolicy(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
  if (policyMade || trustedTypes === undefined) return
  trustedTypes.createPolicy('default', { createScriptURL: (address) => trustOwnScript(address, location.href) })
  policyMade = true
}
