// What a compiled model is told about its prompts: template, stop ids and BOS, from the files beside the weights.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { type CompileOptions, compileModel } from '../../../shared/compiler/compile.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { choosePrompting } from '../../../shared/compiler/prompting.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import type { TokenizerTraits } from '../../../shared/compiler/tokenizer/validate.ts'
import { type PromptChoice, promptNamed } from '../../../shared/prompts/choosePrompt.ts'
import { type MemoryFiles, memorySink, memorySource } from '../../support/memorySource.ts'
import { referenceCheckpoint, smallTokenizer } from '../../support/referenceCheckpoint.ts'

const { signal } = new AbortController()
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const sentencePiece: TokenizerTraits = { postProcessing: 'byte_fallback', prependsSpace: true }
const byteLevel: TokenizerTraits = { postProcessing: 'byte_level', prependsSpace: false }
const chatml = "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' }}"

interface Folder {
  readonly repository?: string
  readonly asked?: string
  readonly modelType?: string
  readonly traits?: TokenizerTraits
  readonly tokenizer?: object
  readonly files?: MemoryFiles
}

async function prompting({
  repository,
  asked,
  modelType = 'llama',
  traits = sentencePiece,
  tokenizer,
  files = {},
}: Folder) {
  const question = {
    spec: { modelType, bosTokenId: 1 },
    tokenizer: { bytes: bytes(tokenizer ?? smallTokenizer()), traits },
    repository: repository ?? null,
    asked: asked === undefined ? null : (promptNamed(asked) ?? null),
  }
  return await choosePrompting(memorySource(files), question, signal)
}

const withMarkers = (id: number) => ({
  ...smallTokenizer(),
  added_tokens: ['<|im_start|>', '<|im_end|>'].map((content, index) => ({ id: id + index, content, special: true })),
})

test('stop ids are those of the tokenizer at hand', async () => {
  const orca = { repository: 'microsoft/Orca-2-7b', tokenizer: withMarkers(40) }
  expect(await prompting(orca)).toMatchObject({
    variant: 'instruct',
    prompt: { name: 'orca-2' },
    stopTokenIds: [41, 2],
  })
  expect(await prompting({ ...orca, tokenizer: withMarkers(90) })).toMatchObject({ stopTokenIds: [91, 2] })
  // A vocabulary without the marker: the stop string does the work.
  const plain = await prompting({ repository: 'microsoft/Orca-2-7b' })
  expect(plain).toMatchObject({ stopTokenIds: [2], prompt: { stopStrings: ['<|im_end|>'] } })
})

test('the chat template is found wherever it is kept, and the files read are part of the recipe', async () => {
  const several = [
    { name: 'tool_use', template: 'x' },
    { name: 'default', template: chatml },
  ]
  const folders: readonly MemoryFiles[] = [
    { 'tokenizer_config.json': JSON.stringify({ chat_template: chatml }) },
    { 'tokenizer_config.json': JSON.stringify({ chat_template: several }) },
    { 'chat_template.json': JSON.stringify({ chat_template: chatml }) },
    { 'tokenizer_config.json': '{}', 'chat_template.jinja': chatml },
  ]
  for (const files of folders) {
    const { choice, inputs } = await prompting({ files })
    expect([choice.template?.name, choice.reason, inputs]).toEqual([
      'chatml',
      { kind: 'carries-template' },
      Object.keys(files),
    ])
  }
})

test('what was asked for goes before the name and the chat template', async () => {
  const folder = { repository: 'lmsys/vicuna-7b-v1.5', files: { 'chat_template.jinja': chatml } }
  expect((await prompting(folder)).prompt).toMatchObject({ name: 'vicuna-v1.1' })
  expect((await prompting({ ...folder, asked: 'koala' })).prompt).toMatchObject({ name: 'koala' })
  expect(await prompting({ ...folder, asked: 'none' })).toMatchObject({
    variant: 'base',
    prompt: { kind: 'completion' },
  })
})

test('a tokenizer configuration that is not JSON fails with its name', async () => {
  await expect(prompting({ files: { 'tokenizer_config.json': '[]' } })).rejects.toThrow('tokenizer_config.json')
})

test('ChatGLM begins with its own two tokens in place of BOS', async () => {
  const added = ['[gMASK]', 'sop'].map((content, index) => ({ id: 64790 + index * 2, content, special: true }))
  const tokenizer = { ...smallTokenizer(), added_tokens: added }
  const { prompt } = await prompting({ repository: 'THUDM/chatglm3-6b', tokenizer })
  expect(prompt).toMatchObject({ dialogue: { leadTokenIds: [64790, 64792] } })
})

test('BOS goes in front where the checkpoint’s own tokenizer puts it', async () => {
  const template = (id: string, ids: readonly number[]) => ({
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    special_tokens: { [id]: { id, ids, tokens: [id] } },
  })
  const withProcessor = (post_processor: object) => ({ ...smallTokenizer(), post_processor })
  const config = (value: object) => ({ 'tokenizer_config.json': JSON.stringify(value) })
  const cases: readonly (readonly [string, Folder, boolean])[] = [
    ['Llama without a configuration', {}, true],
    ['Llama', { files: config({ tokenizer_class: 'LlamaTokenizer' }) }, true],
    ['Yi', { files: config({ tokenizer_class: 'LlamaTokenizer', add_bos_token: false }) }, false],
    ['Llama, converted', { tokenizer: withProcessor(template('<s>', [1])) }, true],
    [
      'in a sequence',
      { tokenizer: withProcessor({ type: 'Sequence', processors: [{ type: 'ByteLevel' }, template('<s>', [1])] }) },
      true,
    ],
    ['another token', { tokenizer: withProcessor(template('[CLS]', [5])) }, false],
    ['Pythia', { modelType: 'gpt_neox', traits: byteLevel, tokenizer: withProcessor({ type: 'ByteLevel' }) }, false],
    ['OPT', { modelType: 'opt', traits: byteLevel }, true],
    [
      'OPT with its class',
      { modelType: 'opt', traits: byteLevel, files: config({ tokenizer_class: 'GPT2Tokenizer' }) },
      true,
    ],
    ['GPT-2', { modelType: 'gpt2', traits: byteLevel, files: config({ tokenizer_class: 'GPT2Tokenizer' }) }, false],
    ['ChatGLM 2', { modelType: 'chatglm', files: config({ tokenizer_class: 'ChatGLMTokenizer' }) }, false],
  ]
  const found = await Promise.all(
    cases.map(async ([name, folder]) => [name, (await prompting(folder)).bosTokenId === 1]),
  )
  expect(found).toEqual(cases.map(([name, , begins]) => [name, begins]))
})

test('a compiled chat model carries its template in the manifest and in the configuration, and says why', async () => {
  const runtime = new Uint8Array(
    await readFile(new URL('../../../resources/runtime/hearth-runtime.wasm', import.meta.url)),
  )
  const files = await referenceCheckpoint('llama-gqa')
  const compile = async (options: Partial<CompileOptions>) => {
    const sink = memorySink()
    const choices: PromptChoice[] = []
    const manifest = await compileModel(
      {
        source: memorySource({ ...files, 'tokenizer_config.json': JSON.stringify({ chat_template: chatml }) }),
        sink,
        runtime,
        makeLibrary,
        hashers: nodeHashers,
        options: { format: 'q4f32_1', quantizer: roundToNearest, description: { id: 'test/model' }, ...options },
        onPrompt: (choice) => choices.push(choice),
      },
      signal,
    )
    const config = JSON.parse(new TextDecoder().decode(sink.files.get('mlc-chat-config.json'))) as {
      conv_template: object
    }
    return { manifest, choices, conversation: config.conv_template }
  }
  const vicuna = await compile({ repository: 'lmsys/vicuna-7b-v1.5' })
  expect(vicuna.manifest).toMatchObject({ variant: 'chat', stopTokenIds: [2], prompt: { name: 'vicuna-v1.1' } })
  expect(vicuna.manifest.inputs.map(({ name }) => name)).toContain('tokenizer_config.json')
  expect(vicuna.choices).toMatchObject([{ reason: { kind: 'tuned', repository: 'lmsys/vicuna-7b-v1.5' } }])
  expect(vicuna.conversation).toMatchObject({
    name: 'vicuna-v1.1',
    roles: { user: 'USER: ', assistant: 'ASSISTANT:' },
    system_prefix_token_ids: [1],
    stop_token_ids: [2],
  })
  const described = await compile({
    repository: 'microsoft/Orca-2-7b',
    description: { id: 'test/model', prompt: { kind: 'completion' } },
  })
  expect(described).toMatchObject({ choices: [], manifest: { variant: 'base', prompt: { kind: 'completion' } } })
  const base = await compile({ repository: 'Qwen/Qwen-7B' })
  expect(base.manifest).toMatchObject({ variant: 'base', prompt: { kind: 'completion' } })
  expect(base.choices).toMatchObject([{ reason: { kind: 'base-model', carriesTemplate: true } }])
})

test('ChatGLM-6B opens its reply with its two tokens where the vocabulary has them', async () => {
  const { model, ...rest } = smallTokenizer()
  const vocab = { ...model.vocab, '[gMASK]': 150, '<sop>': 151 }
  const chatglm = { repository: 'THUDM/chatglm-6b', modelType: 'chatglm' }
  const replyStart = async (folder: Folder) => {
    const { prompt } = await prompting(folder)
    return prompt.kind === 'turns' ? prompt.dialogue?.replyStart : undefined
  }
  expect(await replyStart({ ...chatglm, tokenizer: { ...rest, model: { ...model, vocab } } })).toBe('[gMASK]<sop>')
  expect(await replyStart(chatglm)).toBe('')
})
