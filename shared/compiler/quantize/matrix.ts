// The two dense operations calibration needs, in plain TypeScript: enough for models of some tens of millions of parameters.

/** A product of two row-major matrices over their columns, see multiplyRows. Calibration takes one, so that a faster one can stand in. */
export type Multiply = (a: Float32Array, b: Float32Array, m: number, n: number, k: number) => Float32Array<ArrayBuffer>

/** out[m, n] = sum over k of a[m, k] * b[n, k]; float32 in and out, float64 sums. About 2e9 products a second and core. */
export function multiplyRows(
  a: Float32Array,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(m * n)
  const wholeM = m - (m % 4)
  const wholeN = n - (n % 2)
  for (let i = 0; i < wholeM; i += 4) {
    const a0 = i * k
    const a1 = a0 + k
    const a2 = a1 + k
    const a3 = a2 + k
    for (let j = 0; j < wholeN; j += 2) {
      const b0 = j * k
      const b1 = b0 + k
      let s00 = 0
      let s01 = 0
      let s10 = 0
      let s11 = 0
      let s20 = 0
      let s21 = 0
      let s30 = 0
      let s31 = 0
      for (let x = 0; x < k; x++) {
        const u = b[b0 + x] as number
        const v = b[b1 + x] as number
        const w0 = a[a0 + x] as number
        const w1 = a[a1 + x] as number
        const w2 = a[a2 + x] as number
        const w3 = a[a3 + x] as number
        s00 += w0 * u
        s01 += w0 * v
        s10 += w1 * u
        s11 += w1 * v
        s20 += w2 * u
        s21 += w2 * v
        s30 += w3 * u
        s31 += w3 * v
      }
      out[i * n + j] = s00
      out[i * n + j + 1] = s01
      out[(i + 1) * n + j] = s10
      out[(i + 1) * n + j + 1] = s11
      out[(i + 2) * n + j] = s20
      out[(i + 2) * n + j + 1] = s21
      out[(i + 3) * n + j] = s30
      out[(i + 3) * n + j + 1] = s31
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < wholeM ? wholeN : 0; j < n; j++) {
      let sum = 0
      for (let x = 0; x < k; x++) sum += (a[i * k + x] as number) * (b[j * k + x] as number)
      out[i * n + j] = sum
    }
  }
  return out
}

/** out[columnsA, columnsB] = sum over rows of a[row, i] * b[row, j], in float64. */
export function crossProducts(
  a: Float32Array,
  b: Float32Array,
  rowCount: number,
  columnsA: number,
  columnsB: number,
  multiply: Multiply = multiplyRows,
): Float64Array<ArrayBuffer> {
  const blockRows = 512 // blocks are added in float64
  const out = new Float64Array(columnsA * columnsB)
  for (let first = 0; first < rowCount; first += blockRows) {
    const count = Math.min(blockRows, rowCount - first)
    const left = transpose(a.subarray(first * columnsA, (first + count) * columnsA), count, columnsA)
    const right = a === b ? left : transpose(b.subarray(first * columnsB, (first + count) * columnsB), count, columnsB)
    const block = multiply(left, right, columnsA, columnsB, count)
    for (let index = 0; index < out.length; index++) out[index] = (out[index] as number) + (block[index] as number)
  }
  return out
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = values[row * columns + column] as number
  }
  return out
}

/** Lower Cholesky factor L of a symmetric positive definite matrix [size, size]: matrix = L L^T. Throws RangeError where it is not definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number
      for (let x = 0; x < j; x++) sum -= (lower[i * size + x] as number) * (lower[j * size + x] as number)
      if (i !== j) lower[i * size + j] = sum / (lower[j * size + j] as number)
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum)
      else throw new RangeError(`the matrix is not positive definite at ${i} of ${size}`)
    }
  }
  return lower
}

/** Solves L L^T x = right in place, `right` [size] and L a lower Cholesky factor. */
export function solveCholesky(lower: Float64Array, right: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    let sum = right[i] as number
    for (let x = 0; x < i; x++) sum -= (lower[i * size + x] as number) * (right[x] as number)
    right[i] = sum / (lower[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i] as number
    for (let x = i + 1; x < size; x++) sum -= (lower[x * size + i] as number) * (right[x] as number)
    right[i] = sum / (lower[i * size + i] as number)
  }
}

/** Inverse of a symmetric positive definite matrix. */
export function invertDefinite(matrix: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const lower = cholesky(matrix, size)
  const inverse = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const unit = inverse.subarray(row * size, (row + 1) * size)
    unit[row] = 1
    solveCholesky(lower, unit, size)
  }
  return inverse
}
