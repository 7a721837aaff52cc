// What every style sheet keeps to, so that letters of any size, both writing directions and either theme work.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fontPercents } from '../../../renderer/state/appearance.ts'

const folder = join(import.meta.dirname, '../../../renderer/styles')
const sheets = readdirSync(folder)
  .filter((name) => name.endsWith('.css'))
  .map((name) => ({
    name,
    lines: readFileSync(join(folder, name), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
      .split('\n'),
  }))

/** Lines that match, but for those that an exception allows. */
function found(pattern: RegExp, isAllowed: (name: string, line: string) => boolean): readonly string[] {
  return sheets.flatMap(({ name, lines }) =>
    lines.flatMap((line, index) =>
      pattern.test(line) && !isAllowed(name, line) ? [`${name}:${index + 1}: ${line.trim()}`] : [],
    ),
  )
}

test('measures grow with the letters: only hairlines, outlines and the map have pixels', () => {
  const isHairline = (line: string) => !/\b(?!999px)([3-9]|\d{2,})(\.\d+)?px/.test(line) || /outline/.test(line)
  expect(found(/px/, (name, line) => isHairline(line) || name === 'lineage.css')).toEqual([])
})

test('sides are those of the writing direction', () => {
  expect(
    found(
      /(^\s*(left|right)\s*:|(margin|padding|border|inset)-(left|right)|text-align:\s*(left|right)|float:\s*(left|right)|-(top|bottom)-(left|right)-radius)/,
      () => false,
    ),
  ).toEqual([])
})

test('the sizes of letters are those that the window reckons with', () => {
  const theme = sheets.find(({ name }) => name === 'theme.css')?.lines.join(' ') ?? ''
  for (const [size, percent] of Object.entries(fontPercents))
    if (size !== 'usual') expect(theme).toMatch(new RegExp(`data-font-size="${size}"\\] \\{\\s*font-size: ${percent}%`))
})

test('every sheet has its place in the order, but for the one that the map brings along', () => {
  const order = sheets.find(({ name }) => name === 'window.css')?.lines.join(' ') ?? ''
  const placed = [...order.matchAll(/@import "\.\/([a-zA-Z]+\.css)"/g)].map(([, name]) => name)
  expect([...placed, 'lineage.css', 'window.css'].toSorted()).toEqual(sheets.map(({ name }) => name).toSorted())
})

test('nothing names an address', () => {
  expect(found(/url\(\s*["']?(https?:|data:|\/\/)/, () => false)).toEqual([])
})
