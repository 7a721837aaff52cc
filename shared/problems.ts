// What can go wrong with models on their way and on the disk, by class, as data: each class has its own sentence and its own next step in the window and
// on the command line.
import { formatBytes } from './units.ts'

/** Of a Hub. */
export type HubProblem =
  /** What the person or the Hub named is no repository id, revision or file name. */
  | { readonly code: 'bad-name'; readonly name: string; readonly detail: string }
  /** Hubs answer the same for a private repository and one that does not exist. */
  | { readonly code: 'missing'; readonly what: 'repository' | 'revision' | 'file'; readonly name: string }
  /** The publisher's terms have to be accepted on the Hub's page, by a person with a token. */
  | { readonly code: 'gated'; readonly name: string; readonly withToken: boolean }
  | { readonly code: 'disabled'; readonly name: string }
  /** The token is wrong or may not read this. */
  | { readonly code: 'token-refused'; readonly name: string }
  | { readonly code: 'rate-limited'; readonly retryAfterSeconds: number | null }
  /** A signed address of the file server ran out: ask the Hub again. */
  | { readonly code: 'link-expired'; readonly name: string }
  /** No connection: names, routes, certificates, resets, time-outs. */
  | { readonly code: 'offline'; readonly host: string; readonly detail: string }
  | { readonly code: 'server'; readonly host: string; readonly status: number }
  /** The file is not the one of the listing any more. */
  | { readonly code: 'changed'; readonly name: string; readonly detail: string }
  /** An answer no Hub gives: a login page, a redirect to nowhere good, broken JSON. */
  | { readonly code: 'unexpected'; readonly host: string; readonly detail: string }
  /** The person has switched all network off. */
  | { readonly code: 'switched-off'; readonly host: string }

/** Of this computer's disk and of what lies on it. */
export type StoreProblem =
  /** The bytes do not have the hash of the listing or of the manifest. */
  | { readonly code: 'wrong-bytes'; readonly file: string; readonly expected: string; readonly actual: string }
  | { readonly code: 'disk-full'; readonly needBytes: number; readonly freeBytes: number }
  /** Another Hearth writes to the models folder. */
  | { readonly code: 'store-in-use'; readonly detail: string }
  /** The folder cannot be read or written, or a newer Hearth made it. */
  | { readonly code: 'store-unusable'; readonly detail: string }
  /** The person named a model or a folder that is not there. */
  | { readonly code: 'not-installed'; readonly name: string }

/** Of making a model from a checkpoint or from ready-made weights. */
export type InstallProblem =
  /** A sentence that names the file and the field. */
  | { readonly code: 'does-not-compile'; readonly file: string; readonly detail: string }
  /** It is there already. */
  | { readonly code: 'already-installed'; readonly name: string }
  | { readonly code: 'stopped-itself'; readonly detail: string }

/** Why a file is not even looked into. */
export type NoChatsReason =
  | { readonly kind: 'no-file' }
  | { readonly kind: 'too-large'; readonly mostBytes: number }
  /** `cause`: the system's code. */
  | { readonly kind: 'not-readable'; readonly cause: string }

/** Of the chats' file. */
export type ChatsProblem =
  /** A newer Hearth wrote them: they can be read and exported. */
  | { readonly code: 'chats-read-only'; readonly detail: string }
  /** The file cannot be read or written. */
  | { readonly code: 'chats-unusable'; readonly detail: string }
  /** The file was found damaged and has just been restored: what is shown may have changed. */
  | { readonly code: 'chats-damaged'; readonly detail: string }
  /** Another Hearth has them. */
  | { readonly code: 'chats-in-use'; readonly detail: string }
  /** What was asked for was removed. */
  | { readonly code: 'chats-gone'; readonly what: 'chat' | 'message' | 'folder' | 'entry' }
  /** The message is not what the window holds it for: text would be lost or come twice. */
  | { readonly code: 'chats-conflict'; readonly detail: string }
  /** The chosen file holds no chats that Hearth understands. */
  | { readonly code: 'no-chats-in-file'; readonly file: string; readonly reason: NoChatsReason }
  /** A file could not be written where the person wanted it. */
  | { readonly code: 'not-saved'; readonly detail: string }

export type ServiceProblem = HubProblem | StoreProblem | InstallProblem | ChatsProblem

/** The problem in one sentence that names the file, host or number at fault. Never an address with a query: signed addresses are secrets. */
export function problemSentence(problem: ServiceProblem): string {
  switch (problem.code) {
    case 'bad-name':
      return `${JSON.stringify(problem.name.slice(0, 200))}: ${problem.detail}`
    case 'missing':
      return `${problem.name}: no such ${problem.what}, or it is private`
    case 'gated':
      return problem.withToken
        ? `${problem.name}: its terms must be accepted on the Hub's page`
        : `${problem.name}: its terms must be accepted on the Hub's page, and a token is needed`
    case 'disabled':
      return `${problem.name}: the Hub has disabled it`
    case 'token-refused':
      return `${problem.name}: the Hub refuses the token`
    case 'rate-limited':
      return problem.retryAfterSeconds === null
        ? 'the Hub asks for fewer requests'
        : `the Hub asks for fewer requests; again in ${problem.retryAfterSeconds} s`
    case 'link-expired':
      return `${problem.name}: the file server's link has expired`
    case 'offline':
      return `${problem.host}: no connection: ${problem.detail}`
    case 'server':
      return `${problem.host}: answered ${problem.status}`
    case 'changed':
      return `${problem.name}: ${problem.detail}`
    case 'unexpected':
      return `${problem.host}: ${problem.detail}`
    case 'switched-off':
      return `${problem.host}: not asked, because offline mode is on`
    case 'wrong-bytes':
      return `${problem.file}: expected ${problem.expected}, got ${problem.actual}`
    case 'disk-full':
      return `the disk is full: ${problem.needBytes} bytes are needed, ${problem.freeBytes} are free`
    case 'store-in-use':
      return `the models folder is in use: ${problem.detail}`
    case 'store-unusable':
      return `the models folder cannot be used: ${problem.detail}`
    case 'not-installed':
      return `${problem.name}: not installed`
    case 'does-not-compile':
      return problem.file === '' ? problem.detail : `${problem.file}: ${problem.detail}`
    case 'already-installed':
      return `${problem.name}: installed already`
    case 'stopped-itself':
      return `it ended by itself: ${problem.detail}`
    case 'chats-read-only':
      return `chats can be read, not changed: ${problem.detail}`
    case 'chats-unusable':
      return `chats cannot be read or written: ${problem.detail}`
    case 'chats-damaged':
      return `the file with the chats was damaged: ${problem.detail}`
    case 'chats-in-use':
      return `chats are in use: ${problem.detail}`
    case 'chats-gone':
      return `there is no such ${problem.what} any more`
    case 'chats-conflict':
      return `not written, because it would damage the message: ${problem.detail}`
    case 'no-chats-in-file':
      return `${problem.file}: ${noChatsSentence(problem.reason)}`
    case 'not-saved':
      return `the file was not saved: ${problem.detail}`
    default:
      return problem satisfies never
  }
}

function noChatsSentence(reason: NoChatsReason): string {
  switch (reason.kind) {
    case 'no-file':
      return 'it is no file'
    case 'too-large':
      return `it is larger than ${formatBytes(reason.mostBytes)}`
    case 'not-readable':
      return `it cannot be read (${reason.cause})`
    default:
      return reason satisfies never
  }
}
