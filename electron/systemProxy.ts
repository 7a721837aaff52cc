// The operating system's proxy, as Chromium reads it. Answers look like `PROXY host:port; DIRECT`; of several the first that is an http proxy counts.
import type { Session } from 'electron'

/** `http://host:port`, null where the address is asked directly. */
export async function systemProxy(session: Pick<Session, 'resolveProxy'>, address: string): Promise<string | null> {
  return firstProxy(await session.resolveProxy(address))
}

export function firstProxy(answer: string): string | null {
  for (const entry of answer.split(';')) {
    const [, scheme, place] = /^\s*(PROXY|HTTPS)\s+(\S+)\s*$/i.exec(entry) ?? []
    if (place !== undefined) return `${scheme?.toUpperCase() === 'HTTPS' ? 'https' : 'http'}://${place}`
  }
  return null
}
