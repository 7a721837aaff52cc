// The panel that says how the model writes: every value, presets, the system prompt and what is sent.
import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { SamplingPanel } from '../../renderer/views/panels/sampling/SamplingPanel.tsx'
import type { LibraryItem } from '../../shared/chats/types.ts'
import type { InstalledModel, PromptTemplate } from '../../shared/model.ts'
import { plainSampling } from '../support/chats.ts'
import { fakeChats, fakeConversation } from '../support/fakeChats.ts'
import { installed } from '../support/models.ts'
import { violations } from '../support/shell.tsx'

const dialogue = {
  leadTokenIds: [],
  firstUserPrefix: '',
  system: { before: '<<SYS>>\n', after: '\n<</SYS>>', text: 'You are a helpful assistant.' },
  replyGap: '',
  replyStart: '',
  firstRound: null,
  squeezeBlankLines: false,
}

function withDialogue(model: InstalledModel, change: Partial<typeof dialogue> | { system: null }): InstalledModel {
  const prompt = { ...model.manifest.prompt, dialogue: { ...dialogue, ...change } } as PromptTemplate
  return { ...model, manifest: { ...model.manifest, prompt } }
}

function open(model: InstalledModel, library: readonly LibraryItem[] = []) {
  const conversation = fakeConversation(model.manifest.variant)
  const chats = fakeChats(library)
  const view = render(
    <main>
      <SamplingPanel conversation={conversation} chats={chats} model={model} />
    </main>,
  )
  const own = () => conversation.store.getState().chat?.settings.sampling[model.manifest.variant]
  return { conversation, chats, view, own, user: userEvent.setup() }
}

const chatModel = withDialogue(installed('chat'), {})
const slider = (name: string) => screen.getByRole('slider', { name })
const slideTo = (name: string, value: number) => fireEvent.change(slider(name), { target: { value: String(value) } })

test('every value is kept for the variant and goes back to the model’s defaults', async () => {
  const { user, own } = open(chatModel)
  expect(own()).toBe(null)
  expect(screen.queryByRole('button', { name: 'Back to the model’s defaults' })).toBe(null)
  slideTo('Temperature', 1.2)
  slideTo('Top-p', 0.5)
  slideTo('Length', 64)
  slideTo('Frequency penalty', 0.5)
  slideTo('Presence penalty', -0.5)
  slideTo('Repetition penalty', 1.1)
  await user.click(screen.getByRole('checkbox', { name: 'Keep probabilities' }))
  expect(own()).toEqual({
    ...plainSampling,
    temperature: 1.2,
    topP: 0.5,
    maxTokens: 64,
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    repetitionPenalty: 1.1,
    keepProbabilities: true,
  })
  expect(screen.getByText(/The model’s own: 0\.70\./)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Back to the model’s defaults' }))
  expect(own()).toBe(null)
})

test('the length holds within half of what the model can hold', () => {
  open(chatModel)
  expect(slider('Length').getAttribute('max')).toBe('128')
})

test('a seed that is typed is fixed, and a new one is drawn again when that is asked', async () => {
  const { user, own } = open(chatModel)
  await user.type(screen.getByRole('textbox', { name: 'Seed' }), '42')
  expect(own()?.seed).toBe(42)
  await user.click(screen.getByRole('checkbox', { name: 'New for each answer' }))
  expect(own()?.seed).toBe(null)
  await user.click(screen.getByRole('checkbox', { name: 'New for each answer' }))
  expect(own()?.seed).toBe(42)
})

test('stop strings are lines, in which a line break can be written', async () => {
  const { user, own } = open(chatModel)
  await user.type(screen.getByRole('textbox', { name: 'Stop at these texts' }), 'The end{Enter}\\nUser:')
  expect(own()?.stopStrings).toEqual(['The end', '\nUser:'])
  await user.tab()
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Stop at these texts' }).value).toBe(
    'The end\n\\nUser:',
  )
})

test('a schema is used once it is one, and the last one that was stays until then', async () => {
  const { user, own } = open(chatModel)
  await user.click(screen.getByRole('checkbox', { name: 'Answer in JSON' }))
  expect(own()?.jsonSchema).toBe('')
  const field = screen.getByRole('textbox', { name: 'JSON schema' })
  await user.click(field)
  await user.paste('{ "type": "object" }')
  expect(own()?.jsonSchema).toBe('{ "type": "object" }')
  await user.type(field, 'x')
  expect(own()?.jsonSchema).toBe('{ "type": "object" }')
  expect(screen.getByText(/This is no JSON/)).toBeTruthy()
  expect(field.getAttribute('aria-invalid')).toBe('true')
  await user.type(field, '{Backspace}')
  expect(screen.queryByText(/This is no JSON/)).toBe(null)
  await user.click(screen.getByRole('checkbox', { name: 'Answer in JSON' }))
  expect(own()?.jsonSchema).toBe(null)
})

test('a preset changes how tokens are drawn and says why, and nothing else', async () => {
  const { user, own } = open(chatModel)
  await user.click(screen.getByRole('button', { name: 'Precise' }))
  expect(own()).toEqual({ ...plainSampling, temperature: 0.2, topP: 0.9 })
  expect(screen.getByRole('button', { name: 'Precise' }).getAttribute('aria-pressed')).toBe('true')
  expect(screen.getByText(/for questions with one answer/)).toBeTruthy()
})

test('values are saved under a name, used, renamed, deleted and brought back', async () => {
  const { user, own, chats } = open(chatModel)
  slideTo('Temperature', 1.5)
  const presets = within(screen.getByRole('region', { name: 'Presets' }))
  await user.click(presets.getByText(/^Your presets/))
  await user.type(presets.getByRole('textbox', { name: 'Name of the preset' }), 'Wild{Enter}')
  expect(chats.library()).toMatchObject([
    { kind: 'preset', name: 'Wild', variant: 'chat', sampling: { temperature: 1.5 } },
  ])
  slideTo('Temperature', 0)
  await user.click(presets.getByRole('button', { name: 'Use Wild' }))
  expect(own()?.temperature).toBe(1.5)
  await user.click(presets.getByRole('button', { name: 'Rename Wild' }))
  await user.clear(presets.getByRole('textbox', { name: 'New name of Wild' }))
  await user.keyboard('Wilder{Enter}')
  expect(chats.library().map(({ name }) => name)).toEqual(['Wilder'])
  await user.click(presets.getByRole('button', { name: 'Delete Wilder' }))
  expect(chats.library()).toEqual([])
  await user.click(presets.getByRole('button', { name: 'Bring it back' }))
  expect(chats.library().map(({ name }) => name)).toEqual(['Wilder'])
})

test('a preset of another variant is not offered', () => {
  const item = {
    kind: 'preset',
    id: crypto.randomUUID(),
    name: 'For base',
    variant: 'base',
    sampling: plainSampling,
  } as const
  open(chatModel, [item])
  expect(screen.queryByText('For base')).toBe(null)
})

test('the text the model was tuned with is shown until another is written', async () => {
  const { user, conversation, chats } = open(chatModel)
  const settings = () => conversation.store.getState().chat?.settings
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'System prompt' })
  expect(field.value).toBe('You are a helpful assistant.')
  await user.clear(field)
  expect(settings()?.systemText).toBe('')
  await user.type(field, 'Answer in rhyme.')
  expect(settings()?.systemText).toBe('Answer in rhyme.')
  const system = within(screen.getByRole('region', { name: 'System prompt' }))
  await user.click(system.getByText(/^Saved system prompts/))
  await user.type(system.getByRole('textbox', { name: 'Name of the system prompt' }), 'Poet{Enter}')
  expect(chats.library()).toMatchObject([{ kind: 'system', name: 'Poet', text: 'Answer in rhyme.' }])
  await user.click(system.getByRole('button', { name: 'Back to the model’s own' }))
  expect([settings()?.systemText, field.value]).toEqual([null, 'You are a helpful assistant.'])
  await user.click(system.getByRole('button', { name: 'Use Poet' }))
  expect(settings()?.systemText).toBe('Answer in rhyme.')
})

test.each([
  ['base', installed('base'), /A base model has no template/],
  ['a template without a place', withDialogue(installed('chat'), { system: null }), /has no place for a system text/],
  ['a model that comes with the app', installed('chat'), /has no place for a system text/],
  ['a model of before', { ...installed('chat'), bundled: false }, /was installed by an earlier version/],
] as const)('with %s the system prompt cannot be written, and the reason stands there', (_, model, reason) => {
  open(model)
  expect(screen.getByRole('textbox', { name: 'System prompt' })).toHaveProperty('disabled', true)
  expect(screen.getByText(reason)).toBeTruthy()
})

test('what happens when the context is full is chosen, and earlier turns are offered to a model of one exchange', async () => {
  const { user, conversation } = open(installed('instruct'))
  const settings = () => conversation.store.getState().chat?.settings
  await user.click(screen.getByRole('radio', { name: 'Stop and say so' }))
  await user.click(screen.getByRole('checkbox', { name: 'Send earlier turns' }))
  expect(settings()).toMatchObject({ whenFull: 'stop', sendsEarlierTurns: true })
})

test('the panel has no accessibility violation', async () => {
  const { user } = open(chatModel, [{ kind: 'system', id: crypto.randomUUID(), name: 'Poet', text: 'Rhyme.' }])
  await user.click(screen.getByText(/^Saved system prompts/))
  await user.click(screen.getByText('Against repetition'))
  await user.click(screen.getByRole('checkbox', { name: 'Answer in JSON' }))
  expect(await violations()).toEqual([])
})
