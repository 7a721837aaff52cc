// A page with a size, which jsdom has not: lists of which only what is seen is in the page stay empty without one. Radix's menus ask for pointers as well.

const sizes = ['clientHeight', 'clientWidth', 'offsetHeight', 'offsetWidth'] as const

/** Every element is 800 pixels wide and high, and what `rowHeight` knows is as high as it says. Lasts as long as the file's tests. */
export function givePageSize(rowHeight: (element: HTMLElement) => number | null): void {
  for (const name of sizes)
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      get(this: HTMLElement) {
        return (name.endsWith('Height') ? rowHeight(this) : null) ?? 800
      },
    })
  Object.assign(Range.prototype, { getBoundingClientRect: () => new DOMRect(0, 0, 800, 20) })
  Object.assign(HTMLElement.prototype, { hasPointerCapture: () => false, releasePointerCapture: () => {} })
}
