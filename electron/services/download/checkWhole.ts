// The hash of a whole part, read from the disk, in the form the listing gives; always also its sha256, under which the store keeps it.
import { createHash } from 'node:crypto'
import type { HubFile } from '../hub/files.ts'
import { fileCheck } from '../hub/verify.ts'
import type { PartFile } from './partFile.ts'
import { blocksOf } from './types.ts'

export interface Whole {
  readonly sha256: string
  /** null: size and hash are those of the listing. */
  readonly problem: { readonly expected: string; readonly actual: string } | null
}

const readBytes = 4 * 2 ** 20

export async function checkWhole(part: PartFile, file: HubFile, signal: AbortSignal): Promise<Whole> {
  const check = fileCheck(file)
  const sha256 = createHash('sha256')
  for (const { position, length } of blocksOf(file.sizeBytes, readBytes)) {
    signal.throwIfAborted()
    const bytes = await part.readBlock(position, length)
    check.update(bytes)
    sha256.update(bytes)
  }
  const hex = sha256.digest('hex')
  const problem = check.problem()
  const actual = file.hash.kind === 'sha256' ? hex : (problem ?? '')
  return { sha256: hex, problem: problem === null ? null : { expected: file.hash.hex, actual } }
}
