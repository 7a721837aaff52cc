// A Hub is searched for names; what it answers is checked and cut to size.
import { afterEach, expect, test } from 'vitest'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import { type LocalHub, type LocalRepository, startLocalHub } from '../../../hub/localHub.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const repositories: readonly LocalRepository[] = [
  { id: 'lmsys/vicuna-7b-v1.5', commit, files: [] },
  { id: 'lmsys/vicuna-13b-v1.5', commit, files: [], access: 'gated' },
  { id: 'somebody/vicuna-7b-private', commit, files: [], access: 'private' },
  { id: 'mistralai/Mistral-7B-v0.1', commit, files: [] },
]

let local: LocalHub | null = null
afterEach(async () => await local?.[Symbol.asyncDispose]())

async function search(text: string, answer: unknown = undefined, token: string | null = null) {
  local = await startLocalHub({ repositories })
  if (answer !== undefined)
    local.fault = (_, response) => {
      const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
      return true
    }
  const environment = { HF_ENDPOINT: local.state.hubOrigin, ...(token !== null && { HF_TOKEN: token }) }
  const hub = createHub({ fetch: (url, init) => fetch(url, init), endpoint: endpointOf(environment), now: () => 0 })
  return await hub.search(text, signal)
}

test('words find repositories, with what is known of each', async () => {
  expect(await search('vicuna 7b')).toEqual([
    {
      repository: 'lmsys/vicuna-7b-v1.5',
      downloads: 1000,
      likes: 0,
      isGated: false,
      licence: 'mit',
      tags: ['pytorch', 'license:mit'],
    },
  ])
  const [asked] = local?.seen ?? []
  const { searchParams } = new URL(asked?.url ?? '', local?.state.hubOrigin)
  expect(Object.fromEntries(searchParams)).toMatchObject({
    search: 'vicuna 7b',
    filter: 'text-generation',
    limit: '30',
  })
})

test('gated repositories are marked; private ones appear to who may see them', async () => {
  expect((await search('vicuna')).map(({ repository, isGated }) => [repository, isGated])).toEqual([
    ['lmsys/vicuna-7b-v1.5', false],
    ['lmsys/vicuna-13b-v1.5', true],
  ])
  await local?.[Symbol.asyncDispose]()
  expect((await search('private', undefined, 'hf_test')).map(({ repository }) => repository)).toEqual([
    'somebody/vicuna-7b-private',
  ])
})

test('names that are no repository ids are left out, lists and texts are cut', async () => {
  const tags = Array.from({ length: 500 }, (_, index) => `tag-${index}`)
  const found = await search('x', [
    { id: '../../etc/passwd' },
    { id: 'gpt2', downloads: 5 },
    { id: 'a/b', downloads: -1, likes: 'many', gated: 7, tags: ['y'.repeat(5000), ...tags] },
    { id: 'a/b' },
    ...Array.from({ length: 100 }, (_, index) => ({ id: `a/c${index}` })),
  ])
  expect(found).toHaveLength(30)
  expect(found[0]).toEqual({
    repository: 'a/b',
    downloads: null,
    likes: null,
    isGated: false,
    licence: null,
    tags: tags.slice(0, 40),
  })
  expect(new Set(found.map(({ repository }) => repository)).size).toBe(30)
})

test.each([['{"error":"no"}'], ['[{"id":7}]'], ['<html>'], [JSON.stringify(Array(2000).fill({ id: 'a/b' }))]])(
  'an answer that is no list of models is an error of its own: %.20s',
  async (answer) => {
    await expect(search('x', answer)).rejects.toBeInstanceOf(HubError)
  },
)
