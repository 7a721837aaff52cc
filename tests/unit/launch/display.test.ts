import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { startDisplay } from '../../../electron/launch/display.ts'
import { findProgram } from '../../../electron/launch/subprocess.ts'

const available = process.platform === 'linux' && findProgram('Xvfb') !== null
if (!available) console.info('display tests skipped: no Xvfb on this machine')

test.skipIf(!available)('a virtual display lets in who has the cookie, and is gone after dispose', async () => {
  const said: string[] = []
  const display = await startDisplay((line) => said.push(line))
  const number = Number(display.env.DISPLAY?.slice(1))
  expect(said).toEqual([`No display: the window opens on a virtual one (Xvfb :${number})`])
  const authority = readFileSync(display.env.XAUTHORITY ?? '')
  expect(await connect(number, authority.subarray(-16))).toBe(1)
  expect(await connect(number, Buffer.alloc(16, 7))).toBe(0)
  await display.dispose()
  await expect(connect(number, authority.subarray(-16))).rejects.toThrow(/ENOENT|ECONNREFUSED/)
})

/** Sets up an X11 connection with a MIT-MAGIC-COOKIE-1 (X Window System Protocol, chapter 8); resolves to the first byte: 1 accepted, 0 refused. */
function connect(number: number, cookie: Uint8Array): Promise<number> {
  const name = 'MIT-MAGIC-COOKIE-1'
  const head = Buffer.alloc(12)
  head.write('l', 0) // little-endian
  head.writeUInt16LE(11, 2) // protocol major version
  head.writeUInt16LE(name.length, 6)
  head.writeUInt16LE(cookie.length, 8)
  const padded = Buffer.alloc(20)
  padded.write(name)
  return new Promise((resolve, reject) => {
    const socket = createConnection(`/tmp/.X11-unix/X${number}`)
    socket.on('error', reject)
    socket.once('data', (reply: Buffer) => {
      socket.destroy()
      resolve(reply[0] ?? 255)
    })
    socket.write(Buffer.concat([head, padded, cookie]))
  })
}
