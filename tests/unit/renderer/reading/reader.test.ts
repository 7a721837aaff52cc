// The page's side of parsing: one worker, one block at a time, and an end to what takes too long.
import { describe, expect, test } from 'vitest'
import { createCache } from '../../../../renderer/reading/cache.ts'
import { follow } from '../../../../renderer/reading/follow.ts'
import { limits } from '../../../../renderer/reading/limits.ts'
import type { ParseAnswer, ParseRequest } from '../../../../renderer/reading/protocol.ts'
import { readerByHand } from '../../../support/parserPort.ts'

const { signal } = new AbortController()
const block = (text: string): ParseRequest => ({ kind: 'markdown', text, maths: 'page' })
const tree = (value: string): ParseAnswer => ({ kind: 'tree', nodes: [{ type: 'text', value }] })
const plain: ParseAnswer = { kind: 'plain' }
const message = () => ({ owner: {}, isPassing: false })
const long = (text: string) => text.repeat(100)

describe('the reader', () => {
  test('asks one worker for one block after the other and keeps what it says', async () => {
    const { reader, ports, port } = readerByHand()
    const reading = message()
    const answers = [reader.read(block('a'), reading, signal), reader.read(block('b'), reading, signal)]
    expect(port().orders).toEqual([])
    port().ready()
    expect(port().orders.map(({ request }) => request)).toEqual([block('a')])
    port().answer(tree('A'))
    port().answer(tree('B'))
    expect(await Promise.all(answers)).toEqual([tree('A'), tree('B')])
    expect(reader.known(block('a'))).toEqual(tree('A'))
    expect(await reader.read(block('a'), reading, signal)).toEqual(tree('A'))
    expect([ports.length, port().orders.length]).toEqual([1, 2])
  })

  test('ends a worker that takes longer than a block may, and does not try the block or a longer one again', async () => {
    const { reader, ports, port, timeIsUp } = readerByHand()
    const slow = reader.read(block(long('*a_')), message(), signal)
    const other = reader.read(block('b'), message(), signal)
    port().ready()
    const [first] = ports
    expect(timeIsUp()).toBe(limits.parseMs)
    expect(first?.isTerminated).toBe(true)
    expect(await slow).toEqual(plain)
    port().ready()
    port().answer(tree('B'))
    expect(await other).toEqual(tree('B'))
    expect(reader.known(block(long('*a_')))).toEqual(plain)
    expect(reader.known(block(`${long('*a_')} and more`))).toEqual(plain)
    expect(reader.known({ kind: 'code', text: long('*a_'), language: 'js' })).toBe(null)
    expect(ports.length).toBe(2)
  })

  test('leaves the rest of a message plain when one block of it took too long', async () => {
    const { reader, port, timeIsUp } = readerByHand()
    const reading = message()
    const all = [reader.read(block(long('*a_')), reading, signal), reader.read(block('b'), reading, signal)]
    port().ready()
    timeIsUp()
    expect(await Promise.all(all)).toEqual([plain, plain])
  })

  test('hears nothing from a worker that was ended', async () => {
    const { reader, ports, port, timeIsUp } = readerByHand()
    const slow = reader.read(block('a'), message(), signal)
    port().ready()
    timeIsUp()
    ports[0]?.answer(tree('late'))
    expect(await slow).toEqual(plain)
    expect(reader.known(block('a'))).toEqual(plain)
  })

  test('shows texts as they are where the parser does not start, and stops trying', async () => {
    const { reader, ports, port, timeIsUp } = readerByHand()
    const first = reader.read(block('a'), message(), signal)
    expect(timeIsUp()).toBe(limits.startMs)
    expect(await first).toEqual(plain)
    for (const name of ['b', 'c']) {
      const answer = reader.read(block(name), message(), signal)
      port().crash()
      expect(await answer).toEqual(plain)
    }
    expect(await reader.read(block('d'), message(), signal)).toEqual(plain)
    expect(ports.length).toBe(3)
  })

  test('starts another worker when one fails at a block', async () => {
    const { reader, port } = readerByHand()
    const failing = reader.read(block('a'), message(), signal)
    const next = reader.read(block('b'), message(), signal)
    port().ready()
    port().crash()
    expect(await failing).toEqual(plain)
    port().ready()
    port().answer(tree('B'))
    expect(await next).toEqual(tree('B'))
  })

  test('believes nothing that the worker may not say', async () => {
    const { reader, port } = readerByHand()
    const asked = reader.read(block('a'), message(), signal)
    port().ready()
    port().answer({
      kind: 'tree',
      nodes: [{ type: 'element', tagName: 'img', properties: { src: 'http://evil.example' }, children: [] }],
    })
    expect(await asked).toEqual(plain)
  })

  test('forgets what nobody waits for any more', async () => {
    const { reader, port } = readerByHand()
    const leaving = new AbortController()
    const first = reader.read(block('a'), message(), signal)
    const gone = reader.read(block('b'), message(), leaving.signal)
    leaving.abort()
    await expect(gone).rejects.toThrow()
    port().ready()
    port().answer(tree('A'))
    expect(await first).toEqual(tree('A'))
    expect(port().orders.length).toBe(1)
  })

  test('does not keep what was a text on its way', async () => {
    const { reader, port } = readerByHand()
    const asked = reader.read(block('a'), { owner: {}, isPassing: true }, signal)
    port().ready()
    port().answer(tree('A'))
    expect(await asked).toEqual(tree('A'))
    expect(reader.known(block('a'))).toBe(null)
  })
})

test('a growing block is parsed once at a time, and then as it is by then', async () => {
  const { reader, port } = readerByHand()
  const frames: (() => void)[] = []
  const shown: string[] = []
  const follower = follow({
    reader,
    owner: {},
    nextFrame: (call) => void frames.push(call),
    show: ({ text }) => shown.push(text),
  })
  const settled = () => new Promise((done) => setImmediate(done))
  follower.want(block('a'), true)
  port().ready()
  for (const text of ['ab', 'abc', 'abcd']) follower.want(block(text), true)
  port().answer(tree('1'))
  await settled()
  expect([shown, port().orders.length]).toEqual([['a'], 1])
  frames.shift()?.()
  port().answer(tree('2'))
  await settled()
  expect(shown).toEqual(['a', 'abcd'])
  frames.shift()?.()
  follower.want(block('abcde'), false)
  follower.end()
  port().answer(tree('3'))
  await settled()
  expect(shown).toEqual(['a', 'abcd'])
})

test('the cache keeps what was used last, by number and by size', () => {
  const cache = createCache({ blocks: 2, characters: 1000 })
  for (const name of ['a', 'b']) cache.set(block(name), plain)
  expect(cache.get(block('a'))).toEqual(plain)
  cache.set(block('c'), plain)
  expect([cache.get(block('a')), cache.get(block('b')), cache.get(block('c'))]).toEqual([plain, null, plain])
  cache.set(block('d'.repeat(990)), plain)
  expect([cache.get(block('a')), cache.get(block('c'))]).toEqual([null, plain])
  cache.set(block('e'.repeat(2000)), plain)
  expect(cache.get(block('c'))).toBe(null)
})
