// A page that shows texts as the window shows messages, for tests in the real app (readingApp.ts): same components, same worker, same policy.
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { pageReader } from '../../../renderer/reading/pageReader.ts'
import type { Reader } from '../../../renderer/reading/reader.ts'
import { Reading } from '../../../renderer/views/reading/Reading.tsx'
import { ReadingContext } from '../../../renderer/views/reading/readingContext.ts'

export interface ShownText {
  readonly text: string
  readonly isLive: boolean
}

export interface ReadingPage {
  show(texts: readonly ShownText[]): void
  /** Blocks that wait for the parser. */
  pending(): number
  /** Addresses that were pressed. */
  readonly opened: readonly string[]
}

let pending = 0
const reader: Reader = {
  known: (request) => pageReader().known(request),
  read: (request, reading, signal) => {
    pending += 1
    return pageReader()
      .read(request, reading, signal)
      .finally(() => {
        pending -= 1
      })
  },
}
const parts = {
  reader: () => reader,
  nextFrame: (call: () => void) => void requestAnimationFrame(call),
  copyText: (text: string) => navigator.clipboard.writeText(text),
}
const opened: string[] = []
const root = createRoot(document.getElementById('root') ?? document.body)

const page: ReadingPage = {
  show: (texts) => {
    // At once, so that what has to be parsed is asked for when this returns.
    flushSync(() =>
      root.render(
        <ReadingContext value={parts}>
          {texts.map(({ text, isLive }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a test's texts have no other name.
            <article key={index} data-text={index}>
              <Reading text={text} isLive={isLive} onLink={(address) => opened.push(address)} />
            </article>
          ))}
        </ReadingContext>,
      ),
    )
  },
  pending: () => pending,
  opened,
}
Object.assign(globalThis, { reading: page })
