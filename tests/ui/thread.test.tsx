// The list of messages by itself.
import { act, render } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { Thread } from '../../renderer/views/chat/Thread.tsx'
import { answerOf, chatId } from '../support/fakeChats.ts'

test('while another area is seen the messages keep the heights they had', () => {
  const observed: { readonly targets: Set<Element>; readonly tell: ResizeObserverCallback }[] = []
  vi.stubGlobal(
    'ResizeObserver',
    class {
      readonly #targets = new Set<Element>()
      constructor(tell: ResizeObserverCallback) {
        observed.push({ targets: this.#targets, tell })
      }
      observe(target: Element) {
        this.#targets.add(target)
      }
      unobserve() {}
      disconnect() {}
    },
  )
  const messages = [0, 1, 2, 3].map((index) => answerOf(index, `Answer ${index}.`))
  render(
    <Thread
      chatId={chatId}
      messages={messages}
      isBusy={false}
      soughtId={null}
      onFound={() => {}}
      renderMessage={({ text }) => <article>{text}</article>}
    />,
  )
  const space = document.querySelector<HTMLElement>('.thread-space')
  expect(space?.style.blockSize).toBe('424px')
  const nothing = [{ inlineSize: 0, blockSize: 0 }]
  act(() => {
    for (const { targets, tell } of observed) {
      const rows = [...targets].filter(({ className }) => className === 'thread-item')
      const entries = rows.map((target) => ({ target, borderBoxSize: nothing }) as unknown as ResizeObserverEntry)
      if (rows.length > 0) tell(entries, {} as ResizeObserver)
    }
  })
  expect(space?.style.blockSize).toBe('424px')
  vi.unstubAllGlobals()
})
