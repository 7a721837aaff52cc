// Writes a file that is there wholly or not at all: beside its place first, then renamed over what may have been there.
import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ServiceError } from './serviceError.ts'

/** Throws ServiceError disk-full or not-saved. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.hearth-${randomBytes(6).toString('hex')}.tmp`)
  try {
    {
      await using file = await open(temporary, 'wx')
      await file.writeFile(text, 'utf8')
      await file.sync()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    const { code } = error as NodeJS.ErrnoException
    throw new ServiceError({ code: 'not-saved', detail: code ?? 'unknown reason' }, { cause: error })
  }
}
