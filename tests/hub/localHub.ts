// A Hub on this computer with the real one's manners: the Hub itself and, on a second origin, the file server that large files are redirected to. What
// the Hub says of a large file (size, sha256, commit) stands on the redirect alone; the file server has an ETag of its own that means nothing.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { fileServerAnswer } from './fileServer.ts'
import { hubAnswer } from './hubAnswer.ts'

export interface LocalFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Stored as a large file, by sha256, on the file server. */
  readonly large: boolean
}

export interface LocalRepository {
  readonly id: string
  readonly commit: string
  readonly files: readonly LocalFile[]
  /** open: anyone. gated: with the token. private: as if missing without it. disabled: nobody. */
  readonly access?: 'open' | 'gated' | 'private' | 'disabled'
  readonly branches?: Readonly<Record<string, string>>
}

export interface HubState {
  readonly repositories: readonly LocalRepository[]
  readonly token: string
  /** Entries of a page of a listing. */
  readonly pageSize: number
  /** Requests to the API before 429; counted down. */
  requestsLeft: number
  readonly hubOrigin: string
  readonly fileOrigin: string
}

export interface SeenRequest {
  readonly server: 'hub' | 'files'
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

/** Answers in place of the server where it returns true. */
export type Fault = (request: SeenRequest, response: ServerResponse) => boolean

export interface LocalHub extends AsyncDisposable {
  readonly state: HubState
  readonly seen: readonly SeenRequest[]
  /** Connections that are open now, to either server. */
  readonly connections: () => number
  /** Set to make it misbehave. */
  fault: Fault | null
}

type Options = Partial<Pick<HubState, 'token' | 'pageSize' | 'requestsLeft'>> & Pick<HubState, 'repositories'>

export async function startLocalHub({
  repositories,
  token = 'hf_test',
  pageSize = 3,
  requestsLeft = 1000,
}: Options): Promise<LocalHub> {
  const seen: SeenRequest[] = []
  const open = new Set<Socket>()
  const serve = (server: SeenRequest['server']) =>
    createServer((message, response) => {
      const request = { server, method: message.method ?? '', url: message.url ?? '', headers: message.headers }
      seen.push(request)
      if (hub.fault?.(request, response)) return
      if (server === 'hub') hubAnswer(hub.state, request, response)
      else fileServerAnswer(hub.state, request, response)
    }).on('connection', (socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
  const servers = [serve('hub'), serve('files')]
  const [hubPort, filePort] = await Promise.all(servers.map(listen))
  const hub: LocalHub = {
    // Two names of this computer are two hosts: what goes from one to the other crosses an origin.
    state: {
      repositories,
      token,
      pageSize,
      requestsLeft,
      hubOrigin: `http://127.0.0.1:${hubPort}`,
      fileOrigin: `http://localhost:${filePort}`,
    },
    seen,
    connections: () => open.size,
    fault: null,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
  return hub
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
