// A rehearsal: an engine that plays a text at a given speed in place of a model, so that what the window does with a fast stream can be seen and measured.
// Only a checkout that was started with the switch for it has one (electron/rehearsal.ts).
import type { Engine } from './engine.ts'
import type { GenerationEvent } from './generate.ts'
import type { AdapterReport } from './protocol.ts'

export interface RehearsalParts {
  readonly tokensPerSecond: number
  /** Played from its beginning again and again, token by token. */
  readonly tokens: readonly string[]
  readonly nowMs: () => number
  /** Resolves after about so long. */
  readonly wait: (ms: number) => Promise<void>
}

const adapter: AdapterReport = { name: 'rehearsal', software: true, halfPrecision: false, library: 'software' }
const shortestWaitMs = 4

export function createRehearsal({ tokensPerSecond, tokens, nowMs, wait }: RehearsalParts): Engine {
  let loaded: readonly string[] = []
  const engine: Engine = {
    async load({ key }, watcher, signal) {
      signal.throwIfAborted()
      watcher.adapter(adapter)
      loaded = [key, ...loaded.filter((other) => other !== key)]
    },
    async *generate(prompt, { maxTokens }, signal): AsyncGenerator<GenerationEvent, void, void> {
      const exact = { kind: 'completion', text: prompt.kind === 'completion' ? prompt.text : '' } as const
      yield { kind: 'prompt', promptTokens: 1, omitted: { characters: 0, turns: 0 }, exact }
      const startMs = nowMs()
      let written = 0
      while (written < maxTokens && !signal.aborted) {
        const due = Math.min(maxTokens, Math.floor(((nowMs() - startMs) / 1000) * tokensPerSecond))
        while (written < due && !signal.aborted) {
          yield { kind: 'delta', text: tokens[written % tokens.length] ?? '' }
          written += 1
        }
        if (written < maxTokens) await wait(Math.max(shortestWaitMs, 1000 / tokensPerSecond))
      }
      const seconds = Math.max(0.001, (nowMs() - startMs) / 1000)
      yield {
        kind: 'done',
        finish: signal.aborted ? 'stopped' : 'length',
        cachedTokens: 0,
        stats: {
          promptTokens: 1,
          completionTokens: written,
          timeToFirstTokenMs: 1000 / tokensPerSecond,
          decodeTokensPerSecond: written / seconds,
        },
      }
    },
    generateWith: (_key, prompt, sampling, signal) => engine.generate(prompt, sampling, signal),
    memoryTogether: (models) => ({
      needBytes: 0,
      haveBytes: Number.POSITIVE_INFINITY,
      loaded: models.map(({ key }) => key).filter((key) => loaded.includes(key)),
    }),
    async inspect(_prompt, maxTokens) {
      const nothing = { system: 0, history: 0, last: 0 }
      const contextTokens = 4096
      const limitTokens = contextTokens - maxTokens
      return { tokens: [], parts: nothing, omitted: { characters: 0, turns: 0 }, limitTokens, contextTokens }
    },
    warm: () => loaded.map((key) => ({ key, memoryBytes: 0 })),
    release: (key) => {
      loaded = loaded.filter((other) => other !== key)
    },
    dispose: () => {},
  }
  return engine
}

/** Markdown of every kind that an answer may have. */
export const rehearsedTokens: readonly string[] = (
  'A **rehearsal** plays this text in place of a model. It has lists:\n\n- one,\n- two with `code`,\n- three.\n\n' +
  '```ts\nconst speed = 200\nconsole.log(speed)\n```\n\n| token | speed |\n|---|---|\n| one | 200 |\n\nAnd plain sentences that go on for a while, as answers do. '
).match(/\s*\S+|\s+/g) ?? ['']
