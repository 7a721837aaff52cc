// The tokens of a prompt and of an answer: marks, keys, alternatives, the record; and tens of thousands of them.
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InspectedPrompt } from '../../renderer/inference/protocol.ts'
import type { OpenConversation } from '../../renderer/state/chats/api.ts'
import { TokensPanel } from '../../renderer/views/panels/tokens/TokensPanel.tsx'
import type { AnswerRecord } from '../../shared/chats/types.ts'
import { plainSampling } from '../support/chats.ts'
import { answerOf, fakeConversation, messageId } from '../support/fakeChats.ts'
import { installed } from '../support/models.ts'
import { violations } from '../support/shell.tsx'

// A list draws what is seen, and jsdom sees nothing: lists are 380 by 600 pixels, rows 30 high.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(380)
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(30)
})
afterEach(() => vi.restoreAllMocks())

const { key, manifest } = installed('chat')
const { id, title, family, variant } = manifest

const inspected: InspectedPrompt = {
  tokens: [
    { id: 1, text: '<s>', isSpecial: true },
    { id: 306, text: ' Hello', isSpecial: false },
    { id: 13, text: '\n', isSpecial: false },
    { id: 4, text: 'User', isSpecial: false },
  ],
  parts: { system: 1, history: 2, last: 1 },
  omitted: { characters: 0, turns: 2 },
  limitTokens: 160,
  contextTokens: 256,
}

const half = Math.log(0.5)
const record: AnswerRecord = {
  messageId: messageId(1),
  writer: { key, id, title, family, variant },
  inputs: [{ name: 'model.safetensors', sha256: 'ab'.repeat(32), sizeBytes: 5 }],
  library: 'software',
  adapter: 'google swiftshader',
  prompt: { kind: 'turns', pieces: [{ role: 'user', text: 'User: Hello\nAssistant:' }] },
  promptTokens: 9,
  sampling: { ...plainSampling, seed: 7, keepProbabilities: true },
  startsAt: 0,
  tokens: [
    {
      id: 10,
      text: ' Once',
      logProbability: half,
      alternatives: [
        { id: 10, text: ' Once', logProbability: half },
        { id: 11, text: ' A', logProbability: Math.log(0.3) },
      ],
    },
    { id: 12, text: ' day', logProbability: Math.log(0.02), alternatives: [] },
  ],
}

const path = [answerOf(0, 'Hello', { role: 'user' }), answerOf(1, 'Once day', { writer: record.writer })]

function open(inspectedId: string | null, answers: Partial<OpenConversation> = {}, modelKey: string | null = key) {
  const conversation = fakeConversation(
    'chat',
    { path },
    { inspect: async () => inspected, record: async () => record, ...answers },
  )
  const onInspect = vi.fn()
  const copied: string[] = []
  const inspectRecord = async () => inspected
  const panel = (of: string | null) => (
    <main>
      <TokensPanel
        conversation={conversation}
        inspectedId={of}
        modelKey={modelKey}
        onInspect={onInspect}
        inspectRecord={inspectRecord}
        copyText={async (text) => void copied.push(text)}
      />
    </main>
  )
  const view = render(panel(inspectedId))
  return { conversation, onInspect, copied, view, user: userEvent.setup() }
}

const options = () => screen.getAllByRole('option').filter((option) => option.tagName !== 'OPTION')
const current = () => {
  const list = screen.getByRole('listbox', { name: /^Tokens of/ })
  return document.getElementById(list.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label')
}

test('the prompt that would be sent is seen with its special tokens, spaces and line breaks, and counted by part', async () => {
  open(null)
  await screen.findByRole('listbox', { name: 'Tokens of the prompt' })
  expect(options().map(({ textContent }) => textContent)).toEqual(['<s>', '·Hello', '⏎', 'User'])
  expect(options()[0]?.getAttribute('aria-label')).toBe('<s>, special token, id 1, System text')
  expect(screen.getByText('System text').textContent).toBe('System text 1')
  expect(screen.getByText(/4 of 160 tokens .* holds 256\. 2 earlier turns do not fit/)).toBeTruthy()
})

test('the template can be left off', async () => {
  const asked: boolean[] = []
  const inspect: OpenConversation['inspect'] = async ({ template }) => {
    asked.push(template)
    return inspected
  }
  const { user } = open(null, { inspect })
  await user.click(await screen.findByRole('checkbox', { name: 'Template' }))
  await vi.waitFor(() => expect(asked.at(-1)).toBe(false))
})

test('while no model is ready the panel says so', async () => {
  open(null, { inspect: async () => null }, null)
  expect(await screen.findByText(/No model is ready/)).toBeTruthy()
})

test('arrow keys go from token to token and from row to row, and the current one is told with its id', async () => {
  const { user } = open(null)
  await screen.findByRole('listbox', { name: 'Tokens of the prompt' })
  await user.tab()
  await user.tab()
  await user.tab()
  expect(current()).toContain('<s>')
  await user.keyboard('{ArrowRight}')
  expect(current()).toBe('Hello, id 306, Earlier turns')
  expect(screen.getByText(/token 2 of 4/)).toBeTruthy()
  await user.keyboard('{End}')
  expect(current()).toContain('User')
  await user.keyboard('{ArrowUp}{Home}{ArrowDown}')
  expect(current()).toContain('User')
})

test('where lines run from right to left, the arrow to the left leads on', async () => {
  const { user } = open(null)
  const list = await screen.findByRole('listbox', { name: 'Tokens of the prompt' })
  list.style.direction = 'rtl'
  list.focus()
  await user.keyboard('{ArrowLeft}')
  expect(current()).toBe('Hello, id 306, Earlier turns')
})

test('of 32,768 tokens only those that are seen are in the page, and the last one is reached by a key', async () => {
  const many = Array.from({ length: 32_768 }, (_, index) => ({ id: index, text: ` t${index}`, isSpecial: false }))
  const { user } = open(null, {
    inspect: async () => ({ ...inspected, tokens: many, parts: { system: 0, history: 0, last: many.length } }),
  })
  const list = await screen.findByRole('listbox', { name: 'Tokens of the prompt' })
  expect(options().length).toBeLessThan(400)
  list.focus()
  await user.keyboard('{End}')
  expect(screen.getByText(/token 32768 of 32768/)).toBeTruthy()
})

test('an answer shows each token with its probability, and states its perplexity', async () => {
  open(messageId(1))
  await screen.findByRole('listbox', { name: 'Tokens of the answer' })
  expect(options().map(({ textContent, dataset }) => [textContent, dataset.note])).toEqual([
    ['·Once', '50'],
    ['·day', '2'],
  ])
  expect(options()[1]?.getAttribute('aria-label')).toBe('day, 2.0 %, id 12')
  expect(screen.getByText(/Mean log probability -2\.30, perplexity 10\.00 over 2 tokens/)).toBeTruthy()
})

test('another token is chosen at its place, and the text goes on from there', async () => {
  const { user, conversation } = open(messageId(1))
  await user.click(await screen.findByRole('option', { name: /^Once/ }))
  const button = screen.getByRole('button', { name: 'Write on from A instead, 30 %' })
  expect(screen.getByText('50 %, written')).toBeTruthy()
  await user.click(button)
  expect(conversation.called).toEqual([
    ['branchAt', messageId(1), 0, { id: 11, text: ' A', logProbability: Math.log(0.3) }],
  ])
})

test('nothing branches while something is being written, or with another model', async () => {
  const { user, conversation } = open(messageId(1), {}, 'e'.repeat(64))
  await user.click(await screen.findByRole('option', { name: /^Once/ }))
  await user.click(screen.getByRole('button', { name: /^Write on from A/ }))
  expect(conversation.called).toEqual([])
  expect(screen.getByText(/A version is made when/)).toBeTruthy()
})

test('without probabilities the answer can be written again with them', async () => {
  const { user, conversation } = open(messageId(1), { record: async () => ({ ...record, tokens: null }) })
  await user.click(await screen.findByRole('button', { name: 'Write it again with probabilities' }))
  expect(conversation.called).toEqual([['runAgain', messageId(1), { keepProbabilities: true }]])
  expect(screen.getByText(/same prompt, values and seed/)).toBeTruthy()
})

test('what was sent is seen in tokens, and as text when another model is in use', async () => {
  const { user, view } = open(messageId(1))
  await user.click(await screen.findByRole('radio', { name: 'What was sent' }))
  expect(await screen.findByRole('listbox', { name: 'Tokens of the prompt' })).toBeTruthy()
  view.unmount()
  open(messageId(1), {}, 'e'.repeat(64))
  await user.click(await screen.findByRole('radio', { name: 'What was sent' }))
  const text = within(await screen.findByRole('region', { name: 'Text that was sent' }))
  expect(text.getByText(/User: Hello/)).toBeTruthy()
})

test('the record is read and copied', async () => {
  const { user, copied } = open(messageId(1))
  await user.click(await screen.findByRole('radio', { name: 'Record' }))
  expect(screen.getByText('TinyStories 15M chat (hearth/tinystories-15m-chat)')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Copy as JSON' }))
  expect(copied.map((text) => JSON.parse(text))).toEqual([record])
  expect(await screen.findByText('Copied.')).toBeTruthy()
})

test('an answer of which nothing was kept says so, and one being written waits', async () => {
  const { view } = open(messageId(1), { record: async () => null })
  expect(await screen.findByText(/Nothing was kept/)).toBeTruthy()
  view.unmount()
})

test('another answer is chosen from the list', async () => {
  const { user, onInspect } = open(null)
  await user.selectOptions(screen.getByRole('combobox', { name: 'Tokens of' }), messageId(1))
  expect(onInspect).toHaveBeenCalledWith(messageId(1))
})

test.each([
  ['the prompt', null],
  ['an answer', messageId(1)],
])('%s has no accessibility violation', async (_, of) => {
  const { user } = open(of)
  await user.click((await screen.findAllByRole('option', { name: /id/ }))[0] ?? document.body)
  expect(await violations()).toEqual([])
})
