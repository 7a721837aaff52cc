// The tile of a target without barriers: an invocation makes a few rows of a few tokens alone.
import { isQuantized } from './target.ts'
import type { TileCode } from './tile.ts'
import type { WeightShape } from './weights.ts'

/** Invocations of a workgroup, and rows and tokens of each. */
export const softwareTile = { lanes: 8, rows: 8, tokens: 4 } as const

/** A word is dequantized once for all tokens of its invocation, an activation read once for all rows. */
export function softwareProduct(shape: WeightShape, code: TileCode): string {
  const rows = range(softwareTile.rows)
  const tokens = range(softwareTile.tokens)
  const padded = isQuantized(shape.format) && shape.columns % 32 !== 0
  const at = (t: number, index: string) =>
    padded
      ? `select(vec4<f32>(), x[x_base${t} + min(${index}, columns4 - 1u)], ${index} < columns4)`
      : `x[x_base${t} + ${index}]`
  const inner = isQuantized(shape.format)
    ? [
        ...rows.map((r) => `let w${r} = q_weight[base${r} + chunk];`),
        ...rows.map((r) => `let scale${r} = places * q_scale_at(base${r} + chunk);`),
        ...['x', 'y', 'z', 'w'].flatMap((word, index) => [
          ...rows.flatMap((r) => [
            `let n${r}${word} = nibbles(w${r}.${word});`,
            `let a${r}${word} = n${r}${word}[0] * scale${r};`,
            `let b${r}${word} = n${r}${word}[1] * scale${r};`,
          ]),
          ...tokens.flatMap((t) => [
            `let x${t}${word}a = ${at(t, `chunk * 8u + ${2 * index}u`)};`,
            `let x${t}${word}b = ${at(t, `chunk * 8u + ${2 * index + 1}u`)};`,
            ...rows.map((r) => `sum${t}${r} += dot(a${r}${word}, x${t}${word}a) + dot(b${r}${word}, x${t}${word}b);`),
          ]),
        ]),
      ]
    : [
        ...rows.map((r) => `let w${r} = weight_at(base${r} + chunk);`),
        ...tokens.flatMap((t) => [
          `let x${t} = x[x_base${t} + chunk];`,
          ...rows.map((r) => `sum${t}${r} += dot(w${r}, x${t});`),
        ]),
      ]
  return `
${code.start}
${rows.map((r) => `let base${r} = ${code.row(`${r}u`)} * chunks;`).join('\n')}
${tokens.map((t) => `let x_base${t} = ${code.token(`${t}u`, t)} * columns4;`).join('\n')}
${tokens.map((t) => rows.map((r) => `var sum${t}${r} = 0.0;`).join(' ')).join('\n')}
for (var chunk = 0u; chunk < chunks; chunk++) {
${inner.map((line) => `  ${line}`).join('\n')}
}
${tokens
  .flatMap((t) =>
    code.store(
      `${t}u`,
      t,
      rows.map((r) => ({ line: `${r}u`, sum: `sum${t}${r}` })),
    ),
  )
  .join('\n')}`
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index)
}
