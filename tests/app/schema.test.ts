// JSON of a schema in the real window: the grammar compiler inside web-llm is WebAssembly of its own, and the page's policy must let it run.
import { expect, test } from 'vitest'
import { launchApp } from '../support/electronApp.ts'
import { inferenceWorker } from '../support/workers.ts'

test('under the policy of the page the worker writes JSON of a schema, with the probabilities of its tokens', async () => {
  await using running = await launchApp()
  const { page } = running
  const worker = await inferenceWorker(page)
  const events = await worker.evaluate(async () => {
    interface Event {
      readonly kind: string
      readonly id?: number
      readonly text?: string
      readonly tokens?: readonly unknown[]
    }
    const told: Event[] = []
    const post = globalThis.postMessage.bind(globalThis)
    globalThis.postMessage = (event: Event) =>
      event.id !== undefined && event.id >= 9000 ? told.push(event) : post(event)
    const send = (data: object) => dispatchEvent(new MessageEvent('message', { data }))
    const until = async (id: number, kinds: readonly string[], again: () => void) => {
      while (!told.some((event) => event.id === id && kinds.includes(event.kind))) {
        again()
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    const prompt = { kind: 'completion', text: 'Once upon a time' }
    // Answered once the model is loaded.
    await until(9000, ['inspected'], () => send({ kind: 'inspect', id: 9000, prompt, maxTokens: 8 }))
    const jsonSchema = '{"type":"object","properties":{"animal":{"enum":["cat","dog"]}},"required":["animal"]}'
    const sampling = { temperature: 1, topP: 1, seed: 3, maxTokens: 80, jsonSchema, alternatives: 2 }
    send({ kind: 'generate', id: 9001, prompt, sampling })
    await until(9001, ['done', 'failed'], () => {})
    return told.filter(({ id }) => id === 9001)
  })
  expect(events.at(-1)).toMatchObject({ kind: 'done', finish: 'stop' })
  const text = events.map((event) => event.text ?? '').join('')
  expect(['cat', 'dog']).toContain((JSON.parse(text) as { readonly animal: string }).animal)
  expect(events.flatMap((event) => event.tokens ?? []).length).toBeGreaterThan(2)
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})
