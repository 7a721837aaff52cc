// What the window may not do. One file, one place: permissions, network, navigation, new windows, embedded pages, downloads and who may call main.
// Every rule here stands beside the content security policy (protocol.ts) and does not rely on it.
import type { Session, WebContents } from 'electron'
import { appOrigin, pageUrl } from './protocol.ts'

/** Schemes that never leave this computer. */
const localSchemes = new Set(['app:', 'hearth-model:', 'hearth-weights:', 'devtools:', 'blob:', 'data:'])

/** Whether the window may ask for this address at all. */
export function isLocal(address: string): boolean {
  return URL.canParse(address) && localSchemes.has(new URL(address).protocol)
}

/** The one thing a page may do that browsers ask about: put text on the clipboard, from our own page. */
export function isPermitted(permission: string, origin: string, isMainFrame: boolean): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && new Set([appOrigin, `${appOrigin}/`]).has(origin)
}

/** Whether an address is our page's, at any place within it: what follows a # loads nothing. */
export function isOwnPage(address: string): boolean {
  return address === pageUrl || address.startsWith(`${pageUrl}#`)
}

export interface SenderFrame {
  readonly origin: string
  readonly url: string
  readonly parent: unknown
}

/**
 * Whether a message came from the top frame that its window shows now, and that shows our page. A frame that was taken out is not that frame any more.
 * Electron's own `detached` is no help: after the page's process has ended it calls the new top frame detached (42.0.0).
 */
export function isTrustedSender(frame: SenderFrame | null, topFrame: unknown): boolean {
  return (
    frame !== null && frame === topFrame && frame.parent === null && frame.origin === appOrigin && isOwnPage(frame.url)
  )
}

/** Denies permissions, devices, downloads and every address that is not local, for all pages of a session. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(
      isOwnPage(contents.getURL()) && isPermitted(permission, originOf(details.requestingUrl), details.isMainFrame),
    )
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isPermitted(permission, origin, details.isMainFrame),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler(null)
  // Enabled or not, Chromium fetches the dictionaries of the languages it is told to know.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isLocal(details.url) }))
  session.on('will-download', (event) => event.preventDefault())
}

/** Keeps a page where it is: no navigation but to itself, no new window, no embedded guest, no direct connection through WebRTC. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => stay(event))
  contents.on('will-frame-navigate', (event) => stay(event))
  contents.on('will-redirect', (event) => stay(event))
  // Chromium lets a page blank itself without asking anybody: come back.
  contents.on('did-navigate', (_event, address) => {
    if (!isOwnPage(address)) void contents.loadURL(pageUrl)
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

function stay(event: { readonly url: string; readonly isMainFrame: boolean; preventDefault(): void }): void {
  if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault()
}

function originOf(address: string): string {
  return address.startsWith(`${appOrigin}/`) ? appOrigin : address
}
