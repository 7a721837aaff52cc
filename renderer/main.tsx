// The page: asks main what it was opened for, then shows the window or runs one request unseen.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createEngine } from './inference/engine.ts'
import { startWorker } from './inference/startWorker.ts'
import { type Bridge, client, type EventBridge, listener } from './ipc.ts'
import { runUnseen } from './run.ts'
import { createApp } from './state/app.ts'
import { followMemoryBudget } from './state/memoryBudget.ts'
import { AppContext } from './views/app.ts'
import { showCrash } from './views/showCrash.ts'
import { Writer } from './views/writer/Writer.tsx'

const call = client((window as unknown as { readonly hearth: Bridge }).hearth)
const listen = listener((window as unknown as { readonly hearthEvents: EventBridge }).hearthEvents)
const engine = createEngine({
  startWorker,
  budgetBytes: followMemoryBudget(call, listen, new AbortController().signal),
  // Figures to look at later: a run does not fail because they could not be kept.
  measured: (measurement) => void call('models.measured', measurement).catch(() => {}),
  nowMs: () => Date.now(),
})

try {
  const { run } = await call('app.startup', undefined)
  if (run === null) showWindow()
  else await runUnseen(run, { engine, call, uncaught: window })
} catch (error) {
  showCrash(error)
}

function showWindow(): void {
  const app = createApp({
    engine,
    listModels: () => call('models.list', undefined),
    repairModel: (key) => call('models.repair', { key }),
    nowMs: () => performance.now(),
    drawSeed: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000_000,
    systemIsDark: () => matchMedia('(prefers-color-scheme: dark)').matches,
  })
  void app.start()
  createRoot(document.getElementById('root') ?? document.body, { onUncaughtError: showCrash }).render(
    <StrictMode>
      <AppContext value={app}>
        <Writer />
      </AppContext>
    </StrictMode>,
  )
}
