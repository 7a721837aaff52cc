// What takes long before a parser has its first node: many columns, deep quotes, very long blocks. The page looks before it asks, and the worker again.
import { limits } from './limits.ts'

export function isTooMuch(text: string): boolean {
  if (text.length > limits.blockCharacters) return true
  return text.split('\n').some((line) => {
    const quotes = /^[ >]*/.exec(line)?.[0].replaceAll(' ', '').length ?? 0
    return quotes > limits.quoteDepth || line.split('|').length > limits.tableColumns + 2
  })
}
