// Every error that the app can show, by its code: its sentences (words/en/problems.ts) and the button that helps. docs/errors.md is made of this list.
import type { AppError } from '../../../shared/ipc.ts'
import type { ServiceProblem } from '../../../shared/problems.ts'
import type { Problem } from '../../inference/protocol.ts'
import { bytesText, durationText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

/** Nobody expected it. unknown: of the window itself. */
export type Mistake = {
  readonly [Code in Exclude<AppError['code'], 'failed'> | 'unknown']: { readonly code: Code; readonly detail: string }
}[Exclude<AppError['code'], 'failed'> | 'unknown']

export type AnyProblem = Problem | ServiceProblem | Mistake

/** Which button helps. hub-page: the publisher's page on the Hub, which the person opens in a browser. */
export type NextStep = 'try-again' | 'settings' | 'hub-page' | 'free-space' | 'repair' | 'choose-model' | 'none'

type Of<Code extends AnyProblem['code']> = Extract<AnyProblem, { readonly code: Code }>

export interface Entry<Code extends AnyProblem['code']> {
  readonly title: (problem: Of<Code>) => string
  readonly advice: (problem: Of<Code>) => string
  readonly step: (problem: Of<Code>) => NextStep
}

/** Codes whose sentences need no values. */
type Plain =
  | ('no-webgpu' | 'no-adapter' | 'load-failed' | 'not-a-number' | 'bad-schema' | 'write-failed' | 'device-lost')
  | ('damaged-file' | 'bad-name' | 'disabled' | 'token-refused' | 'link-expired' | 'changed' | 'switched-off')
  | ('wrong-bytes' | 'store-in-use' | 'store-unusable' | 'not-installed' | 'does-not-compile' | 'already-installed')
  | ('stopped-itself' | 'chats-read-only' | 'chats-unusable' | 'chats-damaged' | 'chats-in-use' | 'chats-conflict')
  | ('no-chats-in-file' | 'not-saved' | 'mistake')

function plain(code: Plain, step: NextStep) {
  return {
    title: () => t(`problems.${code}.title`),
    advice: () => t(`problems.${code}.advice`),
    step: () => step,
  }
}

/** Of a host that is named in the title. */
function ofHost(code: 'offline' | 'server' | 'unexpected', step: NextStep) {
  return {
    title: ({ host }: { readonly host: string }) => t(`problems.${code}.title`, { host }),
    advice: () => t(`problems.${code}.advice`),
    step: () => step,
  }
}

export const registry: { readonly [Code in AnyProblem['code']]: Entry<Code> } = {
  'no-webgpu': plain('no-webgpu', 'none'),
  'no-adapter': plain('no-adapter', 'try-again'),
  'load-failed': plain('load-failed', 'try-again'),
  'too-long': {
    title: () => t('problems.too-long.title'),
    advice: ({ promptTokens, limitTokens }) =>
      t('problems.too-long.advice', { count: promptTokens, limit: limitTokens }),
    step: () => 'none',
  },
  'context-full': {
    title: () => t('problems.context-full.title'),
    advice: ({ promptTokens, limitTokens }) =>
      t('problems.context-full.advice', { count: promptTokens, limit: limitTokens }),
    step: () => 'none',
  },
  'not-a-number': plain('not-a-number', 'choose-model'),
  'bad-schema': plain('bad-schema', 'none'),
  'write-failed': plain('write-failed', 'try-again'),
  'device-lost': plain('device-lost', 'try-again'),
  'out-of-memory': {
    title: () => t('problems.out-of-memory.title'),
    advice: ({ needBytes }) => t('problems.out-of-memory.advice', { need: bytesText(needBytes) }),
    step: () => 'try-again',
  },
  'damaged-file': plain('damaged-file', 'repair'),
  'does-not-fit': {
    title: ({ what }) => t(what === 'memory' ? 'problems.does-not-fit.title' : 'problems.does-not-fit.titleBuffer'),
    advice: ({ what, needBytes, haveBytes, contextTokens }) => {
      const values = { need: bytesText(needBytes), have: bytesText(haveBytes) }
      if (what === 'buffer') return t('problems.does-not-fit.adviceBuffer', values)
      return contextTokens === null
        ? t('problems.does-not-fit.advice', values)
        : t('problems.does-not-fit.adviceShorter', { ...values, count: contextTokens })
    },
    step: () => 'choose-model',
  },
  'bad-name': plain('bad-name', 'none'),
  missing: {
    title: ({ what }) => t('problems.missing.title', { what: t(`problems.missing.${what}`) }),
    advice: () => t('problems.missing.advice'),
    step: () => 'settings',
  },
  gated: {
    title: () => t('problems.gated.title'),
    advice: ({ withToken }) => t(withToken ? 'problems.gated.advice' : 'problems.gated.adviceNoToken'),
    step: ({ withToken }) => (withToken ? 'hub-page' : 'settings'),
  },
  disabled: plain('disabled', 'none'),
  'token-refused': plain('token-refused', 'settings'),
  'rate-limited': {
    title: () => t('problems.rate-limited.title'),
    advice: ({ retryAfterSeconds }) =>
      retryAfterSeconds === null
        ? t('problems.rate-limited.advice')
        : t('problems.rate-limited.adviceUntil', { time: durationText(retryAfterSeconds * 1000) }),
    step: () => 'try-again',
  },
  'link-expired': plain('link-expired', 'try-again'),
  offline: ofHost('offline', 'try-again'),
  server: ofHost('server', 'try-again'),
  changed: plain('changed', 'try-again'),
  unexpected: ofHost('unexpected', 'settings'),
  'switched-off': plain('switched-off', 'settings'),
  'wrong-bytes': plain('wrong-bytes', 'repair'),
  'disk-full': {
    title: () => t('problems.disk-full.title'),
    advice: ({ needBytes, freeBytes }) =>
      t('problems.disk-full.advice', { need: bytesText(needBytes), free: bytesText(freeBytes) }),
    step: () => 'free-space',
  },
  'store-in-use': plain('store-in-use', 'try-again'),
  'store-unusable': plain('store-unusable', 'settings'),
  'not-installed': plain('not-installed', 'none'),
  'does-not-compile': plain('does-not-compile', 'none'),
  'already-installed': plain('already-installed', 'none'),
  'stopped-itself': plain('stopped-itself', 'try-again'),
  'chats-read-only': plain('chats-read-only', 'none'),
  'chats-unusable': plain('chats-unusable', 'try-again'),
  'chats-damaged': plain('chats-damaged', 'try-again'),
  'chats-in-use': plain('chats-in-use', 'try-again'),
  'chats-gone': {
    title: ({ what }) => t('problems.chats-gone.title', { what: t(`problems.chats-gone.${what}`) }),
    advice: () => t('problems.chats-gone.advice'),
    step: () => 'none',
  },
  'chats-conflict': plain('chats-conflict', 'none'),
  'no-chats-in-file': plain('no-chats-in-file', 'none'),
  'not-saved': plain('not-saved', 'none'),
  'invalid-input': plain('mistake', 'try-again'),
  'not-allowed': plain('mistake', 'try-again'),
  internal: plain('mistake', 'try-again'),
  unknown: plain('mistake', 'try-again'),
}
