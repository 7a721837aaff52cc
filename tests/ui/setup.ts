// The jsdom tier: one page per test, and the parts of a browser that jsdom lacks.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(() => {
  cleanup()
  document.documentElement.removeAttribute('data-theme')
})

Element.prototype.scrollTo ??= () => {}
Element.prototype.scrollIntoView ??= () => {}
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// Nothing has a height here, and of a list without one no row is in the page.
for (const [name, isTall, heightPx] of [
  ['clientHeight', 'thread-scroll', 600],
  ['offsetHeight', 'thread-item', 100],
] as const)
  Object.defineProperty(name === 'clientHeight' ? Element.prototype : HTMLElement.prototype, name, {
    configurable: true,
    get(this: Element) {
      return this.classList.contains(isTall) ? heightPx : 0
    },
  })
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true
}
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false
  this.dispatchEvent(new Event('close'))
}
// axe looks at pictures of text through a canvas; there is none here and there are no pictures.
HTMLCanvasElement.prototype.getContext = () => null
