// The page: asks main what it was opened for, then shows the window or runs one request unseen.
import './withoutEval.ts'

import { languageOf } from '../shared/language.ts'
import { createEngine } from './inference/engine.ts'
import { createRehearsal, rehearsedTokens } from './inference/rehearsal.ts'
import { startWorker } from './inference/startWorker.ts'
import { type Bridge, client, type DropBridge, type EventBridge, listener } from './ipc.ts'
import { readAppearance } from './keptAppearance.ts'
import { openWindow } from './openWindow.tsx'
import { runUnseen } from './run.ts'
import { followMemoryBudget } from './state/memoryBudget.ts'
import { showCrash } from './views/showCrash.ts'
import { speak } from './words/words.ts'

const { hearth, hearthEvents, hearthDrop } = window as unknown as {
  readonly hearth: Bridge
  readonly hearthEvents: EventBridge
  readonly hearthDrop: DropBridge
}
const call = client(hearth)
const listen = listener(hearthEvents)
const engine = createEngine({
  startWorker,
  budgetBytes: followMemoryBudget(call, listen, new AbortController().signal),
  // Figures to look at later: a run does not fail because they could not be kept.
  measured: (measurement) => void call('models.measured', measurement).catch(() => {}),
  nowMs: () => Date.now(),
})

try {
  const startup = await call('app.startup', undefined)
  const { rehearsal } = startup
  if (startup.run !== null) await runUnseen(startup.run, { engine, call, uncaught: window })
  else if (rehearsal === undefined) openWindow({ startup, engine, call, listen, drop: hearthDrop })
  else {
    const played = createRehearsal({
      ...rehearsal,
      tokens: rehearsedTokens,
      nowMs: () => performance.now(),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    })
    openWindow({ startup, engine: played, call, listen, drop: hearthDrop })
  }
} catch (error) {
  // It may be that nothing has asked for a sentence yet.
  speak(languageOf(readAppearance(localStorage).language, navigator.languages))
  showCrash(error)
}
