// The app with chats, without a screen: an engine that writes a given text, a backend in a plain object, and a clock that the test moves.
import { type Bridge, client } from '../../renderer/ipc.ts'
import { createApp } from '../../renderer/state/app.ts'
import { windowAfter } from '../../renderer/state/chats/timer.ts'
import type { Message } from '../../shared/chats/types.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { type ChatsBackend, chatsBackend } from './chatsBackend.ts'
import { fakeBridge } from './fakeBridge.ts'
import { fakeClock } from './fakeClock.ts'
import { family, installed } from './models.ts'
import { type StoryOptions, storyEngine } from './storyEngine.ts'

export interface ChatDeskOptions extends Partial<StoryOptions> {
  readonly models?: readonly InstalledModel[]
  /** Of an earlier window. */
  readonly backend?: ChatsBackend
  /** In place of what the backend answers. */
  readonly answers?: Partial<Bridge>
}

export function openChatDesk(options: ChatDeskOptions = {}) {
  const { models = family, backend = chatsBackend(), answers = backend.answers, ...story } = options
  const engine = storyEngine({ words: [',', ' there', ' was'], ...story })
  const clock = fakeClock()
  let seeds = 100
  let dates = 1_700_000_000_000
  const repairs: string[] & { fail: string | null } = Object.assign([], { fail: null })
  const app = createApp({
    engine,
    call: client(fakeBridge(null, [], answers)),
    listModels: async () => models,
    repairModel: async (key) => {
      if (repairs.fail !== null) throw new Error(repairs.fail)
      repairs.push(key)
    },
    nowMs: clock.now,
    dateMs: () => ++dates,
    after: (delayMs, run) => {
      const stop = new AbortController()
      clock.sleep(delayMs, stop.signal).then(run, () => {})
      return () => stop.abort()
    },
    newId: () => crypto.randomUUID(),
    drawSeed: () => ++seeds,
    systemIsDark: () => false,
  })
  return { app, engine, backend, clock, repairs }
}

/** What an app needs for chats, where a test is about something else. */
export function plainChatParts() {
  return {
    call: client(fakeBridge(null, [], chatsBackend().answers)),
    dateMs: () => 1_700_000_000_000,
    after: windowAfter,
    newId: () => crypto.randomUUID(),
  }
}

/** Once the model is ready. */
export async function chatDesk(options: ChatDeskOptions = {}) {
  const parts = openChatDesk(options)
  await parts.app.start()
  return parts
}

/** With the chat model in use, and short ways to say something and to see the branch. */
export async function onChat(options: ChatDeskOptions = {}) {
  const parts = await chatDesk(options)
  await parts.app.select(installed('chat'))
  const { conversation } = parts.app
  const state = () => conversation.store.getState()
  const say = (text: string, input = '') => {
    conversation.setDraft({ text, input })
    return conversation.send()
  }
  const texts = () => state().path.map(({ text }) => text)
  const last = (): Message => {
    const message = state().path.at(-1)
    if (message === undefined) throw new Error('the branch is empty')
    return message
  }
  return { ...parts, conversation, state, say, texts, last }
}
