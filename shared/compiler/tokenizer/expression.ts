// Checks a regular expression from a stranger's tokenizer.json. web-llm's tokenizer compiles it with Oniguruma (Ruby syntax) and aborts on what
// does not compile; it also waits without end on repetitions of repetitions.

const maximumLength = 65_536

/** What is wrong with it, or null. Stricter than Oniguruma: back references, conditions and calls are refused, no published tokenizer has them. */
export function expressionProblem(expression: string): string | null {
  if (expression === '' || expression.length > maximumLength) return `expected 1 to ${maximumLength} characters`
  /** Per open group: whether something in it repeats without end, and whether it only looks at text. */
  const groups = [{ repeats: false, looks: false }]
  const outer = () => groups[groups.length - 1] as { repeats: boolean; looks: boolean }
  let repeatable = false
  let at = 0
  while (at < expression.length) {
    const rest = expression.slice(at, at + 64)
    const character = rest[0] as string
    if (character === '[') {
      const end = endOfClass(expression, at)
      if (end === null) return 'a [ that nothing closes, or an empty class'
      repeatable = true
      at = end
      continue
    }
    const escaped =
      /^\\(?:[pP]\{\^?([A-Za-z_ ]+)\}|x\{[0-9a-fA-F]{1,6}\}|[xu][0-9a-fA-F]{2,4}|[dDwWsSbBAzZrntfvhH]|[^\w\s])/.exec(
        rest,
      )
    const repetition = /^(?:[*+?]|\{(\d{1,4})(?:,(\d{0,4}))?\})[?+]?/.exec(rest)
    const opening = /^\((?:\?(?:[:=!>]|<[=!]|[imx]{0,3}(?:-[imx]{1,3})?:))?/.exec(rest)
    if (character === '\\') {
      if (escaped === null) return `an escape it does not know: ${rest.slice(0, 2)}`
      if (escaped[1] !== undefined && !isProperty(escaped[1])) return `the property ${escaped[1]}`
      repeatable = !/^\\[bBAzZ]/.test(escaped[0])
      at += escaped[0].length
    } else if (character === '(') {
      if (opening === null || (opening[0] === '(' && rest[1] === '?')) return 'a kind of group it does not know'
      groups.push({ repeats: false, looks: /[=!]$/.test(opening[0]) })
      repeatable = false
      at += opening[0].length
    } else if (character === ')') {
      if (groups.length === 1) return 'a ) without its ('
      const { repeats, looks } = groups.pop() ?? outer()
      if (repeats && /^\)(?:[*+]|\{\d*,\})/.test(rest)) return 'a repetition of a repetition'
      if (repeats) outer().repeats = true
      repeatable = !looks
      at++
    } else if (repetition !== null) {
      if (!repeatable) return 'a repetition of nothing'
      const [whole, least, most] = repetition
      if (least !== undefined && most !== undefined && most !== '' && Number(most) < Number(least))
        return 'a repetition of less than its least'
      if (/^[*+]/.test(whole) || most === '') outer().repeats = true
      repeatable = false
      at += whole.length
    } else {
      repeatable = !'|^$'.includes(character)
      at++
    }
  }
  return groups.length === 1 ? null : 'a ( that nothing closes'
}

/** Index behind a class, which may hold classes; null when it does not end. */
function endOfClass(expression: string, start: number): number | null {
  let depth = 0
  for (let at = start; at < expression.length; at++) {
    const character = expression[at]
    if (character === '\\') {
      const escaped = /^\\(?:[pP]\{\^?([A-Za-z_ ]+)\}|x\{[0-9a-fA-F]{1,6}\}|[dDwWsSrntfvhH]|[^\w\s])/.exec(
        expression.slice(at, at + 64),
      )
      if (escaped === null || (escaped[1] !== undefined && !isProperty(escaped[1]))) return null
      at += escaped[0].length - 1
      if (/^\\[pPdDwWsShH]/.test(escaped[0]) && expression[at + 1] === '-' && expression[at + 2] !== ']') return null
    } else if (character === '[') {
      depth++
      if (/^\[\^?\]/.test(expression.slice(at, at + 3)) || expression[at + 1] === ':') return null
      if (expression[at + 1] === '^') at++
    } else if (character === ']') {
      depth--
      if (depth === 0) return at + 1
    } else if (expression[at + 1] === '-' && expression[at + 2] !== ']') {
      const last = expression.codePointAt(at + 2)
      if (last === undefined || (expression.codePointAt(at) as number) > last) return null
    }
  }
  return null
}

/** A general category or a script. */
function isProperty(name: string): boolean {
  return ['', 'Script='].some((kind) => {
    try {
      return new RegExp(`^\\p{${kind}${name}}`, 'u').source !== ''
    } catch {
      return false
    }
  })
}
