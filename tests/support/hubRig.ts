// The Hub client against a Hub on this computer, started anew for each test.
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect } from 'vitest'
import { endpointOf } from '../../electron/services/hub/endpoint.ts'
import type { HubFile } from '../../electron/services/hub/files.ts'
import { createHub } from '../../electron/services/hub/hub.ts'
import { HubError } from '../../electron/services/hub/problem.ts'
import type { HubFetch } from '../../electron/services/hub/request.ts'
import { type Fault, type LocalFile, type LocalHub, type LocalRepository, startLocalHub } from '../hub/localHub.ts'

const { signal } = new AbortController()
export const commit = 'c'.repeat(40)
export const older = 'a'.repeat(40)
export const random = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17) % 251)
export const files: readonly LocalFile[] = [
  { name: 'config.json', bytes: Buffer.from('{"model_type":"llama"}'), large: false },
  { name: 'model-00001-of-00002.safetensors', bytes: random(5000, 1), large: true },
  { name: 'model-00002-of-00002.safetensors', bytes: random(3000, 2), large: true },
  { name: 'onnx/été model.onnx', bytes: random(700, 3), large: false },
  { name: 'empty.txt', bytes: new Uint8Array(), large: false },
]
const open: LocalRepository = { id: 'somebody/model', commit, files, branches: { main: commit, 'refs/pr/7': older } }
const repositories: readonly LocalRepository[] = [
  open,
  { ...open, id: 'somebody/gated', access: 'gated' },
  { ...open, id: 'somebody/private', access: 'private' },
  { ...open, id: 'somebody/disabled', access: 'disabled' },
]
export const pinned = { id: 'somebody/model', commit }

export async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  return error instanceof HubError ? error.problem : error
}

export function redirect(response: ServerResponse, location: string): true {
  response.writeHead(302, { location }).end()
  return true
}

/** A fault: every request gets this text. `link`: of a next page. */
export const answering =
  (body: string, type = 'application/json', link?: () => string): Fault =>
  (_request, response) => {
    if (link !== undefined) response.setHeader('link', `<${link()}>; rel="next"`)
    response.writeHead(200, { 'content-type': type }).end(body)
    return true
  }

/** For a whole test file; `local` is the Hub of the test that runs. */
export function hubRig() {
  let local: LocalHub
  beforeEach(async () => {
    local = await startLocalHub({ repositories })
  })
  afterEach(async () => await local[Symbol.asyncDispose]())

  /** Nothing here may leave this computer: a request that would is a failure of its own kind. */
  const left: string[] = []
  const fetchLocal: HubFetch = async (url, init) => {
    if (!['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) left.push(url)
    if (left.length > 0) throw new Error(`a request left this computer: ${left.join(', ')}`)
    return await fetch(url, { ...init, headers: { ...init.headers } })
  }
  afterEach(() => expect(left.splice(0)).toEqual([]))

  function hub(token: string | null = null, now = () => 0) {
    const environment = { HF_ENDPOINT: `${local.state.hubOrigin}/`, ...(token !== null && { HF_TOKEN: token }) }
    return createHub({ fetch: fetchLocal, endpoint: endpointOf(environment), now })
  }

  const fileNamed = async (name: string, token: string | null = null, id = pinned.id): Promise<HubFile> => {
    const found = (await hub(token).listFiles({ id, commit }, signal)).find((file) => file.name === name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }
  async function download(file: HubFile, offset = 0, token: string | null = null, id = pinned.id) {
    const opened = await hub(token).openFile({ id, commit, file, offset }, signal)
    const bytes = new Uint8Array(await new Response(opened.body).arrayBuffer())
    return { offset: opened.offset, bytes }
  }

  return {
    get local() {
      return local
    },
    hub,
    fileNamed,
    download,
  }
}
