// Expected failures. Bad input of the compiler is a CompileError: one sentence naming the file and the field.

export class CompileError extends Error {
  override readonly name = 'CompileError'
  /** File name relative to the checkpoint folder. */
  readonly file: string
  /** Field, tensor or byte range within the file; empty when the file as a whole is meant. */
  readonly field: string
  constructor(file: string, field: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}${field === '' ? '' : `: ${field}`}: ${problem}`, options)
    this.file = file
    this.field = field
  }
}
