// The worker of the measurement: gets the whole file in pieces the size of a shard or smaller, one way, and says how long that took.
const MiB = 2 ** 20
interface Job {
  readonly kind: string
  readonly options: Readonly<Record<string, string>>
  readonly sizeBytes: number
  readonly ports: readonly MessagePort[]
}

self.addEventListener('message', async ({ data }: MessageEvent<Job>) => {
  try {
    // Once unmeasured in small, so that processes and connections are there.
    await run({ ...data, sizeBytes: Math.min(data.sizeBytes, 4 * MiB), warm: true } as Job)
    const start = performance.now()
    const bytes = await run(data)
    self.postMessage({ ms: performance.now() - start, bytes })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
})

async function run(job: Job): Promise<number> {
  if (job.kind === 'port') return readPorts(job)
  if (job.kind === 'upload') return upload(job)
  if (job.kind === 'hash') return hash(job)
  return fetchAll(job)
}

function rangesOf(sizeBytes: number, pieceBytes: number) {
  return Array.from({ length: Math.ceil(sizeBytes / pieceBytes) }, (_, index) => ({
    start: index * pieceBytes,
    end: Math.min(sizeBytes, (index + 1) * pieceBytes),
  }))
}

/** Whole (piece=0) or in ranges, `parallel` at a time. */
async function fetchAll({ options, sizeBytes, ...job }: Job): Promise<number> {
  const address = options.url ?? ''
  const piece = Number(options.piece ?? 64) * MiB
  const ranges =
    options.piece === '0' && !('warm' in job) ? [{ start: 0, end: sizeBytes }] : rangesOf(sizeBytes, piece || MiB)
  let bytes = 0
  const lane = async () => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      const join = address.includes('?') ? '&' : '?'
      const headers = options.range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }
      const response = await fetch(
        `${address}${join}chunk=${Number(options.chunk ?? 1) * MiB}&start=${range.start}&end=${range.end}`,
        { headers },
      )
      if (options.read === 'byob' && response.body !== null) {
        const reader = response.body.getReader({ mode: 'byob' })
        let view = new Uint8Array(MiB)
        for (;;) {
          const { done, value } = await reader.read(view)
          if (done || value === undefined) break
          target.set(value, bytes % (target.length - MiB))
          bytes += value.length
          view = new Uint8Array(value.buffer)
        }
      } else if (options.read === 'stream') {
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.byteLength
      } else {
        const { byteLength } = await response.arrayBuffer()
        bytes += byteLength
      }
    }
  }
  await Promise.all(Array.from({ length: Number(options.parallel ?? 1) }, lane))
  return bytes
}

/** What web-llm would be given: memory that is used again for the next shard. */
const target = new Uint8Array(64 * MiB)

/** Pieces of `chunk` MiB, `flight` of them asked for at once per port. */
async function readPorts({ options, sizeBytes, ports }: Job): Promise<number> {
  const ranges = rangesOf(sizeBytes, Number(options.chunk ?? 16) * MiB)
  let bytes = 0
  const lane = (port: MessagePort) =>
    new Promise<void>((resolve) => {
      let open = 0
      const next = () => {
        const range = ranges.shift()
        if (range === undefined) return open === 0 && resolve()
        open += 1
        port.postMessage({
          start: range.start,
          length: range.end - range.start,
          hash: options.hash === '1',
          pool: Number(options.pool ?? 0),
        })
      }
      port.onmessage = ({ data }) => {
        bytes += data.bytes.byteLength
        if (options.copy === '1') target.set(data.bytes, data.start % target.length)
        open -= 1
        next()
      }
      for (let flight = Number(options.flight ?? 1); flight > 0; flight--) next()
    })
  await Promise.all(ports.map(lane))
  return bytes
}

/** The same number of bytes from this worker's memory into GPU buffers of `chunk` MiB, all kept; the limit behind every way. */
async function upload({ options, sizeBytes }: Job): Promise<number> {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter?.requestDevice()
  if (device === undefined) throw new Error('no adapter')
  const chunk = Number(options.chunk ?? 16) * MiB
  const source = new Uint8Array(chunk)
  crypto.getRandomValues(source.subarray(0, 65536))
  const buffers: GPUBuffer[] = []
  for (const { start, end } of rangesOf(sizeBytes, chunk)) {
    const buffer = device.createBuffer({
      size: chunk,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    })
    device.queue.writeBuffer(buffer, 0, source, 0, end - start)
    buffers.push(buffer)
    if (options.sync === '1') await device.queue.onSubmittedWorkDone()
  }
  await device.queue.onSubmittedWorkDone()
  device.destroy()
  return sizeBytes
}

/** SHA-256 by the browser's WebCrypto. */
async function hash({ options, sizeBytes }: Job): Promise<number> {
  const chunk = Number(options.chunk ?? 16) * MiB
  const source = new Uint8Array(chunk)
  for (const _ of rangesOf(sizeBytes, chunk)) await crypto.subtle.digest('SHA-256', source)
  return sizeBytes
}

export {}
