// JSON from strangers. JSON.parse keeps the last of two equal keys in silence, so the text is scanned for repeated keys; depth is bounded so that
// nothing downstream recurses without end.
import { CompileError } from '../../errors.ts'

const maximumDepth = 64

/** Parses UTF-8 JSON. Throws CompileError on invalid UTF-8, a byte order mark, invalid JSON, a repeated key or more than 64 levels. */
export function parseJson(bytes: Uint8Array, file: string, field = ''): unknown {
  const text = decodeUtf8(bytes, file, field)
  const value = parse(text, file, field)
  const problem = structuralProblem(text)
  if (problem !== null) throw new CompileError(file, field, problem)
  return value
}

function decodeUtf8(bytes: Uint8Array, file: string, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CompileError(file, field, 'expected JSON in UTF-8', { cause })
  }
}

function parse(text: string, file: string, field: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CompileError(file, field, `expected JSON: ${quoted(String((cause as Error).message), 160)}`, { cause })
  }
}

/** Walks text that JSON.parse has accepted; a string followed by a colon can then only be a key. */
function structuralProblem(text: string): string | null {
  const keysOfOpenContainers: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === openBrace || code === openBracket) {
      keysOfOpenContainers.push(new Set())
      if (keysOfOpenContainers.length > maximumDepth) return `nested more than ${maximumDepth} levels deep`
    } else if (code === closeBrace || code === closeBracket) {
      keysOfOpenContainers.pop()
    } else if (code === quote) {
      const end = endOfString(text, at)
      let next = end
      while (isSpace(text.charCodeAt(next))) next++
      if (text.charCodeAt(next) === colon) {
        const key = JSON.parse(text.slice(at, end)) as string
        const keys = keysOfOpenContainers.at(-1)
        if (keys?.has(key)) return `the key ${quoted(key)} stands twice`
        keys?.add(key)
      }
      at = end - 1
    }
  }
  return null
}

/** Index behind the closing quotation mark of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) return at + 1
  }
  return text.length
}

/** A foreign string made fit for a one-line message: quoted, control characters escaped, cut. */
export function quoted(value: string, maximumLength = 80): string {
  return JSON.stringify(value.length > maximumLength ? `${value.slice(0, maximumLength)}…` : value)
}

/** A foreign value made fit for a one-line message, cut; `missing` for none. */
export function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'missing'
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
