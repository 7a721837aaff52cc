// The page of the measurement: hands each way to the worker, which is where a model's weights are wanted.
interface Bench {
  job(): Promise<{ sizeBytes: number; ways: readonly string[] }>
  result(line: unknown): void
  end(): void
  port(where: string, index: number): void
}
const bench = (globalThis as unknown as { bench: Bench }).bench

function port(where: string, index: number): Promise<MessagePort> {
  return new Promise((resolve) => {
    addEventListener('message', ({ ports }) => ports[0] !== undefined && resolve(ports[0]), { once: true })
    bench.port(where, index)
  })
}

const { sizeBytes, ways } = await bench.job()
for (const way of ways) {
  const worker = new Worker('/worker.ts', { type: 'module' })
  const [kind = '', query = ''] = way.split('?')
  const options = Object.fromEntries(new URLSearchParams(query))
  const ports: MessagePort[] = []
  if (kind === 'port') {
    for (let index = 0; index < Number(options.ports ?? 1); index++)
      ports.push(await port(options.where ?? 'process', index))
  }
  const answer = new Promise<unknown>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => resolve({ error: message })
  })
  worker.postMessage({ kind, options, sizeBytes, ports }, ports)
  bench.result({ way, ...((await answer) as object) })
  worker.terminate()
}
bench.end()

export {}
