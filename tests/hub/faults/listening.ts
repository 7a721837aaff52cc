// Servers of a case: they end with it.

import type { AddressInfo } from 'node:net'
import { connect, type Server, type Socket } from 'node:net'
import type { FaultRig } from './kinds.ts'

/** Gives the port. */
export async function listening(rig: FaultRig, server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve))
  rig.cleanUp.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export function address(origin: string): Socket {
  const { port } = new URL(origin)
  return connect(Number(port), '127.0.0.1')
}
