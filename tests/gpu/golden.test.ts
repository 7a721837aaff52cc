// The compiler of this browser (or of Dawn in Node) takes the text of every golden kernel, also of those targets that another adapter runs.
import { expect, test } from 'vitest'
import { requestTestDevice } from '../support/device.ts'

const texts: Record<string, string> = import.meta.glob('../fixtures/golden/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
})

test('the text of every golden kernel is accepted', async () => {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const half = device.features.has('shader-f16')
  const entries = Object.entries(texts).filter(([, code]) => half || !code.includes('enable f16'))
  const refused: string[] = []
  for (const [file, code] of entries) {
    const { messages } = await device.createShaderModule({ code }).getCompilationInfo()
    for (const { type, message } of messages) if (type === 'error') refused.push(`${file}: ${message}`)
  }
  device.destroy()
  expect(refused).toEqual([])
  expect(entries.length).toBeGreaterThan(60)
})
