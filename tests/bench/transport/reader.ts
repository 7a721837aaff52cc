// Reads ranges of one file for whoever holds a port, in a process of its own. With `pool`, into memory that is used again: posting copies.
import { open } from 'node:fs/promises'

const handle = open(process.argv[2] ?? '')
const pool: Uint8Array<ArrayBuffer>[] = []

process.parentPort.on('message', ({ ports: [port] }) => {
  port?.on('message', async ({ data }) => {
    const whole = data.pool ? (pool.pop() ?? new Uint8Array(data.length)) : new Uint8Array(data.length)
    const bytes = whole.byteLength === data.length ? whole : new Uint8Array(data.length)
    await (await handle).read(bytes, 0, bytes.length, data.start)
    if (data.hash) await crypto.subtle.digest('SHA-256', bytes)
    port.postMessage({ start: data.start, bytes })
    if (data.pool) pool.push(whole)
  })
  port?.start()
})
