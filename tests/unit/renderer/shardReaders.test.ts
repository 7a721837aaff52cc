import { expect, test } from 'vitest'
import type { ReaderEvent, ReaderRequest } from '../../../renderer/inference/readerWorker.ts'
import { openShardReaders, type ReaderPort } from '../../../renderer/inference/shardReaders.ts'

interface FakeReader extends ReaderPort {
  readonly posted: ReaderRequest[]
  readonly transferred: Transferable[]
  ended: boolean
  emit(event: ReaderEvent): void
}

function fakeReaders() {
  const started: FakeReader[] = []
  let arrivedBytes = 0
  const startReader = () => {
    const reader: FakeReader = {
      onmessage: null,
      onerror: null,
      posted: [],
      transferred: [],
      ended: false,
      postMessage: (message, transfer) => {
        reader.posted.push(message)
        reader.transferred.push(...transfer)
      },
      terminate: () => {
        reader.ended = true
      },
      emit: (data) => reader.onmessage?.({ data } as MessageEvent<ReaderEvent>),
    }
    started.push(reader)
    return reader
  }
  const readers = openShardReaders(startReader, (bytes) => {
    arrivedBytes += bytes
  })
  return { readers, started, arrivedBytes: () => arrivedBytes }
}

const reading = (index: number) => ({
  key: 'a'.repeat(64),
  index,
  file: { name: `params_shard_${index}.bin`, sizeBytes: 4, sha256: '0'.repeat(64) },
})

test('memory is handed over with the request and comes back with the shard', async () => {
  const { readers, started, arrivedBytes } = fakeReaders()
  const memory = new ArrayBuffer(8)
  const read = readers.read(reading(0), memory)
  expect(started[0]?.transferred).toEqual([memory])
  started[0]?.emit({ kind: 'arrived', bytes: 3 })
  started[0]?.emit({ kind: 'arrived', bytes: 1 })
  const back = new ArrayBuffer(8)
  started[0]?.emit({ kind: 'done', memory: back })
  expect([await read, arrivedBytes()]).toEqual([back, 4])
})

test('shards asked for at once have a thread each, and a thread that is done reads the next', async () => {
  const { readers, started } = fakeReaders()
  const reads = [0, 1].map((index) => readers.read(reading(index), new ArrayBuffer(4)))
  for (const reader of started) reader.emit({ kind: 'done', memory: new ArrayBuffer(4) })
  await Promise.all(reads)
  void readers.read(reading(2), new ArrayBuffer(4))
  expect(started.map(({ posted }) => posted.length).sort()).toEqual([1, 2])
})

test('a damaged block and a thread that dies fail the read with their problem', async () => {
  const { readers, started } = fakeReaders()
  const problem = { code: 'damaged-file', key: 'a'.repeat(64), file: 'params_shard_0.bin', block: 2 } as const
  const damaged = readers.read(reading(0), new ArrayBuffer(4))
  started[0]?.emit({ kind: 'failed', problem })
  await expect(damaged).rejects.toMatchObject({ problem })
  const died = readers.read(reading(0), new ArrayBuffer(4))
  started[0]?.onerror?.({ message: 'out of memory' } as ErrorEvent)
  await expect(died).rejects.toMatchObject({ problem: { code: 'load-failed', detail: 'out of memory' } })
})

test('closing ends every thread', () => {
  const { readers, started } = fakeReaders()
  for (const index of [0, 1]) void readers.read(reading(index), new ArrayBuffer(4))
  readers.close()
  expect(started.map(({ ended }) => ended)).toEqual([true, true])
})
