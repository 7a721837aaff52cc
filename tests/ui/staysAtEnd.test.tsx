// A surface that stays at its end, against a browser that tells of a scroll a frame after it was made, as real ones do.
import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useStaysAtEnd } from '../../renderer/views/chat/useStaysAtEnd.ts'

const viewPx = 400

/** Scrolls as an element does, and grows. */
class FakeSurface {
  readonly element = document.createElement('div')
  #heightPx = 1000
  #topPx = 0
  #isToTell = false
  tellSize: () => void = () => {}

  constructor() {
    Object.defineProperties(this.element, {
      clientHeight: { get: () => viewPx },
      scrollHeight: { get: () => this.#heightPx },
      scrollTop: { get: () => this.#topPx, set: (px: number) => this.scrollTo(px) },
    })
  }

  get distancePx() {
    return this.#heightPx - viewPx - this.#topPx
  }

  scrollTo(px: number) {
    const topPx = Math.max(0, Math.min(px, this.#heightPx - viewPx))
    if (topPx === this.#topPx) return
    this.#topPx = topPx
    this.#isToTell = true
  }

  grow(px: number) {
    this.#heightPx += px
    this.frame(true)
  }

  /** The event alone: what it moves comes later, or is something else. */
  wheel(deltaPx: number) {
    this.element.dispatchEvent(new WheelEvent('wheel', { deltaY: deltaPx }))
  }

  /** A turn of the wheel that moves it at once. */
  turn(deltaPx: number) {
    this.wheel(deltaPx)
    this.scrollTo(this.#topPx + deltaPx)
    this.frame()
  }

  /** Scroll events come before sizes are told. */
  frame(hasGrown = false) {
    act(() => {
      if (this.#isToTell) {
        this.#isToTell = false
        this.element.dispatchEvent(new Event('scroll'))
      }
      if (hasGrown) this.tellSize()
    })
  }
}

let surface: FakeSurface

beforeEach(() => {
  surface = new FakeSurface()
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        surface.tellSize = tell
      }
      observe() {}
      disconnect() {}
    },
  )
})

afterEach(() => {
  vi.unstubAllGlobals()
})

function stayingAt(element: HTMLElement) {
  const refs = [{ current: element }, { current: null }] as const
  const { result } = renderHook(() => useStaysAtEnd(...refs, 'a chat'))
  surface.frame()
  return result
}

test('it follows what grows', () => {
  stayingAt(surface.element)
  for (let step = 0; step < 5; step += 1) {
    surface.grow(30)
    expect(surface.distancePx).toBe(0)
  }
})

test('who scrolls up while it follows is not brought back by a scroll of its own that is told late', () => {
  const staying = stayingAt(surface.element)
  surface.grow(30)
  // Its own scroll is told in the next frame, after the wheel was turned and before the wheel has moved anything.
  surface.wheel(-60)
  surface.wheel(-40)
  surface.frame()
  surface.scrollTo(surface.element.scrollTop - 100)
  for (let step = 0; step < 5; step += 1) surface.grow(30)
  expect(surface.distancePx).toBe(100 + 5 * 30)
  expect(staying.current.isAway).toBe(true)
})

test('what is sought elsewhere stays in view, too', () => {
  const staying = stayingAt(surface.element)
  surface.grow(30)
  act(() => staying.current.leave())
  surface.frame()
  surface.scrollTo(200)
  surface.grow(30)
  expect(surface.element.scrollTop).toBe(200)
})

test('at its end once more it follows again', () => {
  const staying = stayingAt(surface.element)
  surface.turn(-100)
  surface.grow(30)
  expect(surface.distancePx).toBe(130)
  surface.turn(130)
  surface.grow(30)
  expect(surface.distancePx).toBe(0)
  expect(staying.current.isAway).toBe(false)
})

test('a wheel that turns back at once leaves it at its end', () => {
  stayingAt(surface.element)
  surface.turn(-5)
  surface.turn(5)
  surface.grow(30)
  expect(surface.distancePx).toBe(0)
})

test('a wheel that moved something else, and nothing here, is over when there is more to see', () => {
  stayingAt(surface.element)
  surface.wheel(-100)
  surface.grow(30)
  expect(surface.distancePx).toBe(30)
  surface.turn(30)
  surface.grow(30)
  expect(surface.distancePx).toBe(0)
})

test('asked for, its end is there and stays', () => {
  const staying = stayingAt(surface.element)
  surface.turn(-100)
  surface.grow(300)
  expect(staying.current.isAway).toBe(true)
  act(() => staying.current.stay())
  surface.grow(30)
  expect(surface.distancePx).toBe(0)
  expect(staying.current.isAway).toBe(false)
})
