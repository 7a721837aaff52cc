// The end of the app waits for what has to be done first, once, and not for ever.
import { expect, test } from 'vitest'
import { closeFirst } from '../../../../electron/processes/closeFirst.ts'

/** An app that ends when nobody prevents it. */
function rig() {
  let listener: (event: { preventDefault(): void }) => void = () => {}
  const seen: string[] = []
  const closing = Promise.withResolvers<void>()
  const patience = Promise.withResolvers<void>()
  const quit = () => {
    let isPrevented = false
    listener({
      preventDefault: () => {
        isPrevented = true
      },
    })
    seen.push(isPrevented ? 'waits' : 'ends')
  }
  const app = {
    quit,
    relaunch: () => void seen.push('starts again'),
    on: (_name: 'will-quit', given: typeof listener) => {
      listener = given
    },
  }
  const close = () => {
    seen.push('closes')
    return closing.promise
  }
  const ending = closeFirst(app, close, () => patience.promise)
  return { quit, seen, closing, patience, ending }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('it ends when everything is closed, which is asked for once', async () => {
  const { quit, seen, closing } = rig()
  quit()
  quit()
  await settled()
  expect(seen).toEqual(['closes', 'waits', 'waits'])
  closing.resolve()
  await settled()
  expect(seen).toEqual(['closes', 'waits', 'waits', 'ends'])
})

test('it ends also when closing fails', async () => {
  const { quit, seen, closing } = rig()
  quit()
  closing.reject(new Error('the process is gone'))
  await settled()
  expect(seen).toEqual(['closes', 'waits', 'ends'])
})

test('it does not wait for ever', async () => {
  const { quit, seen, patience } = rig()
  quit()
  patience.resolve()
  await settled()
  expect(seen).toEqual(['closes', 'waits', 'ends'])
})

test('who starts it while it ends has it once more when it has ended; before, nothing is begun', async () => {
  const { quit, seen, closing, ending } = rig()
  expect(ending.startAgain()).toBe(false)
  quit()
  expect(ending.startAgain()).toBe(true)
  expect(ending.startAgain()).toBe(true)
  closing.resolve()
  await settled()
  expect(seen).toEqual(['closes', 'waits', 'starts again', 'ends'])
})
