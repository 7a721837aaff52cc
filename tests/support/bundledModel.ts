// A bundled model in unmodified web-llm, loaded from memory and written with as the worker writes: for tests of what the worker asks of web-llm.
import type { LoadedModel } from '../../renderer/inference/loadModel.ts'
import { pipelineOf } from '../../renderer/inference/pipeline.ts'
import { inspectPrompt } from '../../renderer/inference/promptTokens.ts'
import type { InspectedPrompt, Prompt, Sampling, WorkerEvent } from '../../renderer/inference/protocol.ts'
import { specialTokens } from '../../renderer/inference/tokenizer.ts'
import { tokenTexts } from '../../renderer/inference/tokenText.ts'
import { write } from '../../renderer/inference/write.ts'
import type { ExactPrompt, TracedToken } from '../../shared/chats/types.ts'
import { type ModelManifest, modelManifest, type Variant } from '../../shared/model.ts'
import { loadedConvTemplate } from '../../shared/prompts/convTemplate.ts'
import { readRepositoryFile } from './repositoryFile.ts'
import { loadEngine } from './webLlm.ts'

export interface Written {
  readonly text: string
  readonly finish: string
  readonly promptTokens: number
  readonly completionTokens: number
  readonly exact: ExactPrompt
  readonly tokens: readonly TracedToken[]
}

export interface BundledModel {
  readonly manifest: ModelManifest
  readonly loaded: LoadedModel
  inspect(prompt: Prompt, maxTokens: number): InspectedPrompt
  /** Greedy, 20 tokens, seed 1, unless something else is asked. Rejects with InferenceError. */
  write(prompt: Prompt, sampling?: Partial<Sampling>): Promise<Written>
  unload(): Promise<void>
}

export interface BundledOptions {
  /** Changes to what is loaded: the files by name. */
  readonly change?: (files: Map<string, Uint8Array<ArrayBuffer>>) => void
  /** In place of the manifest's prompt. */
  readonly prompt?: ModelManifest['prompt']
}

const target = typeof window === 'undefined' ? 'portable' : 'software'

export async function loadBundled(variant: Variant, options: BundledOptions = {}): Promise<BundledModel> {
  const folder = `resources/models/tinystories-15m/${variant}`
  const read = async (name: string) => readRepositoryFile(`${folder}/${name}`)
  const text = async (name: string) => new TextDecoder().decode(await read(name))
  const stored = modelManifest.parse(JSON.parse(await text('hearth.json')))
  const manifest = { ...stored, prompt: options.prompt ?? stored.prompt }
  const names = manifest.files.map(({ name }) => name).filter((name) => !name.endsWith('.wasm'))
  const files = new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
  options.change?.(files)
  const engine = await loadEngine({
    files,
    library: await read(manifest.libraries[target]),
    id: variant,
    options: { conv_template: loadedConvTemplate(manifest) },
  })
  const pipeline = pipelineOf(engine, variant)
  const loaded: LoadedModel = {
    engine,
    pipeline,
    tokenizer: pipeline.tokenizer,
    textOf: tokenTexts(pipeline.tokenizer),
    specials: specialTokens(JSON.parse(await text('tokenizer.json')), []),
    takeGpuError: () => null,
    memoryBytes: () => 0,
  }
  return {
    manifest,
    loaded,
    inspect: (prompt, maxTokens) => inspectPrompt(loaded, manifest, prompt, maxTokens),
    async write(prompt, sampling = {}) {
      const events: WorkerEvent[] = []
      const whole = { temperature: 0, topP: 1, maxTokens: 20, seed: 1, ...sampling }
      const task = { id: 1, prompt, sampling: whole, isStopped: () => false }
      await write(loaded, manifest, task, (event) => events.push(event))
      return joined(events)
    },
    unload: () => engine.unload(),
  }
}

function joined(events: readonly WorkerEvent[]): Written {
  const sent = events.find((event) => event.kind === 'prompt')
  const done = events.find((event) => event.kind === 'done')
  if (sent === undefined || done === undefined) throw new Error('a run has a first and a last event')
  return {
    text: events.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join(''),
    tokens: events.flatMap((event) => (event.kind === 'delta' ? (event.tokens ?? []) : [])),
    finish: done.finish,
    promptTokens: sent.promptTokens,
    completionTokens: done.stats.completionTokens,
    exact: sent.exact,
  }
}
