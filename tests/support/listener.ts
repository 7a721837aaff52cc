// A server on loopback that answers everything and remembers who came: for tests in which nobody may come.
import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:net'

export interface Listener extends AsyncDisposable {
  readonly port: number
  /** TCP connections and UDP packets that arrived, in order, with the first line of each request. */
  readonly arrivals: readonly string[]
}

/** Listens on one port, TCP and UDP, on 127.0.0.1. */
export async function startListener(): Promise<Listener> {
  const arrivals: string[] = []
  const tcp = createServer((socket) => {
    arrivals.push('tcp connection')
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      arrivals.push(`tcp ${bytes.toString('latin1').split('\r\n')[0]}`)
      socket.end('HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 2\r\n\r\nhi')
    })
  })
  const port = await listenTcp(tcp)
  const udp = createSocket('udp4')
  udp.on('message', (bytes) => arrivals.push(`udp ${bytes.length} bytes`))
  await new Promise<void>((ready) => udp.bind(port, '127.0.0.1', ready))
  return {
    port,
    arrivals,
    [Symbol.asyncDispose]: () => closeBoth(tcp, udp),
  }
}

async function listenTcp(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function closeBoth(tcp: Server, udp: Socket): Promise<void> {
  await Promise.all([
    new Promise<void>((done) => tcp.close(() => done())),
    new Promise<void>((done) => udp.close(() => done())),
  ])
}
