// Hostile texts: those that were written (tests/fixtures/hostile), and any number of combinations of their parts with a seed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'

export interface HostileText {
  readonly group: string
  readonly text: string
}

const listFile = join(import.meta.dirname, '../fixtures/hostile/payloads.json')

export const hostileTexts: readonly HostileText[] = JSON.parse(readFileSync(listFile, 'utf8'))

const wraps: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `> ${text}`,
  (text) => `- ${text}`,
  (text) => `| ${text} |\n|---|\n| ${text} |`,
  (text) => `**${text}**`,
  (text) => `[${text}](http://evil.example)`,
  (text) => `[x](${text})`,
  (text) => `![${text}](${text})`,
  (text) => `[x]: ${text}\n\n[x] ![x]`,
  (text) => `$${text}$`,
  (text) => `\`\`\`${text}\n${text}\n\`\`\``,
  (text) => `<div ${text}>`,
  (text) => `[^x]\n\n[^x]: ${text}`,
  (text) => text.replaceAll(':', '&colon;'),
  (text) => text.replace(/[a-z]/g, (letter, at: number) => (at % 3 === 0 ? `&#${letter.charCodeAt(0)};` : letter)),
  (text) => text.slice(0, Math.floor(text.length / 2)),
  (text) => text.slice(Math.floor(text.length / 2)),
]

/** One to three written texts, wrapped and cut in several ways, with some noise between. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...hostileTexts.filter(({ text }) => text.length < 500)),
      fc.array(fc.constantFrom(...wraps), { maxLength: 3 }),
      fc.constantFrom(
        '',
        ' ',
        '\n',
        '\n\n',
        '\n    ',
        '*',
        '`',
        '$',
        '[',
        '](',
        '<',
        '|',
        '&',
        '\\',
        '\u202E',
        '\u0000',
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.map(([{ text }, how, joint]) => how.reduce((now, wrap) => wrap(now), text) + joint).join(''))
