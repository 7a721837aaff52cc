// WCAG 2.2 contrast of every pair of colours that carries words, computed from the style sheet itself, in both themes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const sheet = readFileSync(new URL('../../../renderer/styles/theme.css', import.meta.url), 'utf8')
const sides = ['light', 'dark'] as const

/** The colours of a rule: one for the light theme and one for the dark in each value. */
function colours(selector: ':root' | 'body', side: (typeof sides)[number]): Map<string, string> {
  const block = sheet.slice(sheet.indexOf(`${selector} {`), sheet.indexOf('}', sheet.indexOf(`${selector} {`)))
  const pairs = block.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return new Map([...pairs].map(([, name, light, dark]) => [name ?? '', (side === 'light' ? light : dark) ?? '']))
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

test.each(sides)('words can be read, %s', (side) => {
  const palette = colours(':root', side)
  const weak = words
    .map(([ink, ground]) => ({ ink, ground, ratio: contrast(palette.get(ink) ?? '', palette.get(ground) ?? '') }))
    .filter(({ ratio }) => !(ratio >= 4.5))
  expect(weak).toEqual([])
})

test.each(sides)('marks of what fits can be seen on every ground, %s', (side) => {
  const palette = colours(':root', side)
  for (const mark of ['good', 'ember', 'alarm'])
    for (const ground of ['ground', 'paper'])
      expect(contrast(palette.get(mark) ?? '', palette.get(ground) ?? ''), mark).toBeGreaterThanOrEqual(3)
})

test.each(sides)('focus can be seen on every ground, %s', (side) => {
  const palette = colours(':root', side)
  for (const ground of ['ground', 'paper', 'field'])
    expect(contrast(palette.get('focus') ?? '', palette.get(ground) ?? '')).toBeGreaterThanOrEqual(3)
})

test('every colour has both its values', () => {
  expect(sheet.match(/#[0-9a-f]{3,8}\b/g)).toHaveLength(2 * sheet.split('light-dark(').length - 2)
})

test.each(sides)('with high contrast words reach 7 to 1 and lines 3 to 1, %s', (side) => {
  const palette = colours('body', side)
  const ratio = (ink: string, ground: string) => contrast(palette.get(ink) ?? '', palette.get(ground) ?? '')
  const weak = words.filter(([ink, ground]) => !(ratio(ink, ground) >= 7))
  expect(weak).toEqual([])
  for (const ground of ['ground', 'paper', 'field']) {
    expect(ratio('line', ground)).toBeGreaterThanOrEqual(3)
    expect(ratio('focus', ground)).toBeGreaterThanOrEqual(4.5)
  }
  // Every colour of the theme has its strong one.
  expect([...palette.keys()]).toEqual([...colours(':root', side).keys()])
})
