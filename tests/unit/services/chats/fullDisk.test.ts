// A disk that is full: the window is told so, what was acknowledged stays, and writing goes on when there is room.
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { makeBackup } from '../../../../electron/services/chats/backups.ts'
import { namesIn, placesIn } from '../../../../electron/services/chats/places.ts'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import { smallDisk } from '../../../rigs/smallDisk.ts'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'

const mebibyte = 2 ** 20

test('a full disk is said as data, loses nothing, and writing goes on when there is room', () => {
  using disk = smallDisk(6 * mebibyte)
  if (disk === null) return
  const folder = join(disk.folder, 'chats')
  const filler = join(disk.folder, 'filler')
  const chat = chatNamed('')
  const texts = new Map<string, string>()
  {
    using kept = keptChats({ folder })
    kept.create(chat, [])
    const { bavail, bsize } = statfsSync(disk.folder)
    writeFileSync(filler, new Uint8Array(bavail * bsize - mebibyte))
    const write = (index: number) => {
      const message = messageIn(chat.id, `${index} ${'many words '.repeat(400)}`)
      kept.add(chat.id, [message], message.id)
      texts.set(message.id, message.text)
    }
    let problem: unknown = null
    for (let index = 0; problem === null && index < 10_000; index++) {
      try {
        write(index)
      } catch (error) {
        problem = error instanceof ServiceError ? error.problem : error
      }
    }
    expect(problem).toMatchObject({ code: 'disk-full' })
    expect(texts.size).toBeGreaterThan(5)
    // What is there can be read meanwhile.
    expect(kept.open(chat.id).messages.map(({ text }) => text)).toEqual([...texts.values()])
    rmSync(filler)
    write(10_000)
    write(10_001)
  }
  using kept = keptChats({ folder })
  expect(kept.overview().notice).toEqual({ kind: 'none' })
  expect(kept.open(chat.id).messages.map(({ id, text }) => [id, text])).toEqual([...texts])
})

test('a copy for which there is no room leaves no part of it', () => {
  using disk = smallDisk(4 * mebibyte)
  if (disk === null) return
  const folder = join(disk.folder, 'chats')
  using kept = keptChats({ folder })
  const chat = chatNamed('')
  kept.create(chat, [messageIn(chat.id, 'x'.repeat(1_500_000))])
  kept.opened.settle()
  const places = placesIn(folder)
  const { bavail, bsize } = statfsSync(disk.folder)
  writeFileSync(join(disk.folder, 'filler'), new Uint8Array(Math.max(0, bavail * bsize - mebibyte)))
  using reading = new DatabaseSync(places.file, { readOnly: true })
  expect(() => makeBackup(reading, places, 1)).toThrow('full')
  expect(namesIn(places.backups)).toEqual([])
  expect(kept.open(chat.id).messages).toHaveLength(1)
})
