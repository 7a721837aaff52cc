// The compile worker and who started it.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compileInWorker } from '../../../../electron/services/jobs/compileInWorker.ts'
import type { CompileHost, CompileTask } from '../../../../electron/services/jobs/compileTask.ts'
import { caseFolder } from '../../../support/referenceCheckpoint.ts'

const workerUrl = new URL('../../../../electron/services/jobs/compileWorker.ts', import.meta.url)
const dyingUrl = new URL('../../../support/dyingWorker.ts', import.meta.url)
const { signal } = new AbortController()

const task = (files: CompileTask['files']): CompileTask => ({
  form: 'checkpoint',
  files,
  format: 'q4f16_1',
  quantization: 'round-to-nearest',
  description: { id: 'test/model' },
  repository: 'test/model',
  contextTokens: null,
  runtimePath: fileURLToPath(new URL('../../../../resources/runtime/hearth-runtime.wasm', import.meta.url)),
})
const host: CompileHost = {
  place: async (name) => ({ path: `${caseFolder('llama-gqa')}/${name}`, sha256: null }),
  early: async () => null,
  write: async () => {},
  progress: () => {},
}

test('what the compiler says of bad input comes out of the worker as a problem', async () => {
  const files = [{ name: 'config.json', sizeBytes: 100_000_000 }]
  await expect(compileInWorker(workerUrl, task(files), host, signal)).rejects.toMatchObject({
    problem: { code: 'does-not-compile', file: 'config.json', detail: expect.stringContaining('expected at most') },
  })
})

test('a worker that ends on its own is a problem of its own', async () => {
  const seen: number[] = []
  const watching = { ...host, progress: ({ doneBytes }: { readonly doneBytes: number }) => void seen.push(doneBytes) }
  await expect(compileInWorker(dyingUrl, task([]), watching, signal)).rejects.toMatchObject({
    problem: { code: 'stopped-itself', detail: 'the compiler ended with code 7' },
  })
  expect(seen).toEqual([1])
})

test('stopping ends the worker, also while it waits for a file', async () => {
  const abort = new AbortController()
  const asked = Promise.withResolvers<AbortSignal>()
  const waiting: CompileHost = {
    ...host,
    place: (_name, one) => {
      asked.resolve(one)
      return new Promise((_resolve, reject) => one.addEventListener('abort', () => reject(one.reason)))
    },
  }
  const compiling = compileInWorker(workerUrl, task([{ name: 'config.json', sizeBytes: 9 }]), waiting, abort.signal)
  const asking = await asked.promise
  abort.abort(new Error('not wanted any more'))
  await expect(compiling).rejects.toThrow('not wanted any more')
  expect(asking.aborted).toBe(true)
})

test('what the host cannot do is the reason the compilation fails', async () => {
  const failing: CompileHost = { ...host, place: () => Promise.reject(new Error('the disk is gone')) }
  const files = [{ name: 'config.json', sizeBytes: 9 }]
  await expect(compileInWorker(workerUrl, task(files), failing, signal)).rejects.toThrow('the disk is gone')
})
