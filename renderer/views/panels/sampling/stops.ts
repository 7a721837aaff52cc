// Stop strings as lines of a field: a line break within one is written \n, a backslash \\.

export const mostStops = 16
export const longestStop = 200

/** One a line; empty lines are none. */
export function stopsText(stops: readonly string[]): string {
  return stops.map((stop) => stop.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')).join('\n')
}

export function parsedStops(text: string): readonly string[] {
  const stops = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll(/\\(.)/g, (all, letter: string) => escapes[letter] ?? all))
    .filter((stop) => stop.length <= longestStop)
  return [...new Set(stops)].slice(0, mostStops)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
