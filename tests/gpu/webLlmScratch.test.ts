import { expect, test } from 'vitest'
import { loadBundled } from '../support/bundledModel.ts'
import type { Turn } from '../../shared/prompts/renderTurns.ts'
const log = (...a: unknown[]) => console.info(JSON.stringify(a))
test('scratch', async () => {
  const chat = await loadBundled('chat')
  const q: readonly Turn[] = [{ role: 'user', text: 'Tell me a story about a girl named Lily and a cat.' }]
  log(chat.loaded.tokenizer.encode('').length)
  const whole = await chat.write({ kind: 'turns', turns: q }, { maxTokens: 40, alternatives: 3 })
  log(whole.text, whole.finish, whole.tokens.map((t) => [t.text, t.id]).slice(0, 12))
  const half = await chat.write({ kind: 'turns', turns: q }, { maxTokens: 20 })
  const rest = await chat.write({ kind: 'turns', turns: q, replySoFar: half.text }, { maxTokens: 20 })
  log(half.text, rest.text, half.text + rest.text === whole.text)
  const enc = (t: string) => Array.from(chat.loaded.tokenizer.encode(t), (id) => chat.loaded.tokenizer.idToToken(id))
  log(enc('Assistant: ' + half.text)); log(enc(half.text)); log(enc(' ' + half.text))
  const schema = '{"type":"object","properties":{"name":{"type":"string","maxLength":10},"age":{"type":"integer"}},"required":["name","age"]}'
  for (const temperature of [0, 0.7]) {
    const j2 = await chat.write({ kind: 'turns', turns: q }, { maxTokens: 120, jsonSchema: schema, temperature, seed: 4 }).catch((e) => e)
    log('json', j2.text ?? String(j2), j2.finish, j2.completionTokens)
  }
  const j4 = await chat.write({ kind: 'turns', turns: q }, { maxTokens: 120, jsonSchema: '{"type":"object"}', temperature: 0.7 }).catch((e) => e)
  log('json', j4.text ?? String(j4), j4.finish, j4.completionTokens)
  await chat.unload()
  const instruct = await loadBundled('instruct')
  const i: readonly Turn[] = [{ role: 'user', text: 'Tell a story about a dog named Tim.' }]
  const iw = await instruct.write({ kind: 'turns', turns: i }, { maxTokens: 40, alternatives: 2 })
  log(iw.text, iw.tokens.map((t) => [t.text, t.id]).slice(0, 6))
  const ih = await instruct.write({ kind: 'turns', turns: i }, { maxTokens: 20 })
  const ir = await instruct.write({ kind: 'turns', turns: i, replySoFar: ih.text }, { maxTokens: 20 })
  log(ih.text, ir.text, ih.text + ir.text === iw.text)
  expect(1).toBe(1)
  await instruct.unload()
})
