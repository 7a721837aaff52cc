// The end of the app waits for what has to be done first: when the last process of it is told to end, what it was asked before is answered.

/** Of the app, what is needed. */
export interface Quitting {
  on(name: 'will-quit', listener: (event: { preventDefault(): void }) => void): unknown
  quit(): void
  /** Starts it anew when it has ended. */
  relaunch(): void
}

export interface Ending {
  /** Where the app is ending: true, and it starts anew when it has ended. */
  startAgain(): boolean
}

/** `close` is called once, when the windows are gone. The app ends when it has settled, or after `patience` at the latest. */
export function closeFirst(app: Quitting, close: () => Promise<unknown>, patience: () => Promise<unknown>): Ending {
  let state: 'open' | 'closing' | 'closed' = 'open'
  let isAgain = false
  app.on('will-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    void Promise.race([close().catch(() => undefined), patience()]).then(() => {
      state = 'closed'
      app.quit()
    })
  })
  return {
    startAgain() {
      if (state === 'open') return false
      if (!isAgain) app.relaunch()
      isAgain = true
      return true
    },
  }
}
