// Rows as lines: columns as wide as their widest cell.

export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}

/** `name:  text` for each fact that is known. */
export function facts(lines: readonly (readonly [name: string, text: string | null])[]): string {
  return lines.flatMap(([name, text]) => (text === null ? [] : [`${`${name}:`.padEnd(14)}${text}\n`])).join('')
}
