// WCAG 2.2 contrast of every pair of colours that carries words, computed from the style sheet itself, in both themes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const sheets = [readFileSync(new URL('../../../renderer/styles/theme.css', import.meta.url), 'utf8')]

function colours(selector: string): Map<string, string> {
  return new Map(sheets.flatMap((css) => [...coloursIn(css, selector)]))
}

function coloursIn(css: string, selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`), css.indexOf('}', css.indexOf(`${selector} {`)))
  return new Map(
    [...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  )
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

const words = [
  ['ink', 'ground'],
  ['ink', 'paper'],
  ['ink', 'field'],
  ['ink', 'alarm-ground'],
  ['soft', 'ground'],
  ['soft', 'paper'],
  ['soft', 'field'],
  ['soft', 'alarm-ground'],
  ['ember', 'ground'],
  ['ember-ink', 'ember'],
  ['ember-ink', 'ember-press'],
  ['model-ink', 'model-ground'],
  ['model-ink', 'paper'],
  ['alarm', 'alarm-ground'],
  ['alarm', 'paper'],
  ['alarm', 'ground'],
  ['good', 'paper'],
  ['ember', 'paper'],
  // Code.
  ...(['ink', 'soft', 'code-comment', 'code-keyword', 'code-name', 'code-text', 'code-number'] as const).map(
    (ink) => [ink, 'code-ground'] as const,
  ),
  ['code-added', 'code-ground'],
  ['code-removed', 'code-ground'],
  ['good', 'code-ground'],
  ['focus', 'paper'],
  ['focus', 'ground'],
  // Words on the lines of the lineage.
  ['relation-tuned', 'paper'],
  ['relation-adapter', 'paper'],
  ['relation-compared', 'paper'],
  ['relation-merged', 'paper'],
] as const

test.each([':root', ':root:not([data-theme="light"])', ':root[data-theme="dark"]'])(
  'words can be read in %s',
  (selector) => {
    const palette = colours(selector)
    const weak = words
      .map(([ink, ground]) => ({ ink, ground, ratio: contrast(palette.get(ink) ?? '', palette.get(ground) ?? '') }))
      .filter(({ ratio }) => !(ratio >= 4.5))
    expect(weak).toEqual([])
  },
)

test('marks of what fits can be seen on every ground', () => {
  for (const selector of [':root', ':root:not([data-theme="light"])', ':root[data-theme="dark"]']) {
    const palette = colours(selector)
    for (const mark of ['good', 'ember', 'alarm'])
      for (const ground of ['ground', 'paper'])
        expect(contrast(palette.get(mark) ?? '', palette.get(ground) ?? ''), mark).toBeGreaterThanOrEqual(3)
  }
})

test('focus can be seen on every ground', () => {
  for (const selector of [':root', ':root[data-theme="dark"]']) {
    const palette = colours(selector)
    for (const ground of ['ground', 'paper', 'field']) {
      expect(contrast(palette.get('focus') ?? '', palette.get(ground) ?? '')).toBeGreaterThanOrEqual(3)
    }
  }
})

test('the dark colours of the system and of the switch are the same', () => {
  expect(colours(':root[data-theme="dark"]')).toEqual(colours(':root:not([data-theme="light"])'))
})

/** The colours of high contrast: one for the light theme and one for the dark in each value. */
function strong(selector: string, side: 'light' | 'dark'): Map<string, string> {
  const [css = ''] = sheets
  const block = css.slice(css.indexOf(`${selector} {`), css.indexOf('}', css.indexOf(`${selector} {`)))
  const pairs = block.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return new Map([...pairs].map(([, name, light, dark]) => [name ?? '', (side === 'light' ? light : dark) ?? '']))
}

test.each(['light', 'dark'] as const)('with high contrast words reach 7 to 1 and lines 3 to 1, %s', (side) => {
  const palette = strong(':root:root[data-contrast="more"]', side)
  const ratio = (ink: string, ground: string) => contrast(palette.get(ink) ?? '', palette.get(ground) ?? '')
  const weak = words.filter(([ink, ground]) => !(ratio(ink, ground) >= 7))
  expect(weak).toEqual([])
  for (const ground of ['ground', 'paper', 'field']) {
    expect(ratio('line', ground)).toBeGreaterThanOrEqual(3)
    expect(ratio('focus', ground)).toBeGreaterThanOrEqual(4.5)
  }
  // Every colour of the theme has its strong one, and the system's wish gives the same.
  expect([...palette.keys()]).toEqual([...colours(':root').keys()])
  expect(strong(':root:root:root', side)).toEqual(palette)
})
