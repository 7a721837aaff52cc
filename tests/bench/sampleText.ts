// Samples calibration and evaluation text from a story model itself, in the form its variant was trained on: token ids, and where the model's own words
// begin. Openings, seeds and names of the two sets differ.
//   node tests/bench/sampleText.ts <checkpoint folder> <output.json>
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'
import { calibratable } from '../../shared/compiler/quantize/calibratable.ts'
import type { WeightsByName } from '../../shared/compiler/quantize/decoderSteps.ts'
import type { Multiply } from '../../shared/compiler/quantize/matrix.ts'
import { randomSource } from '../support/random.ts'
import { decodeStep } from './decodeStep.ts'
import { openModel } from './model.ts'
import { simdMultiply } from './simdMultiply.ts'

/** One text: `ids` starts with <s>; the loss counts the ids from `start` to `end` of each span: what the model itself said. */
export interface SampledText {
  readonly ids: readonly number[]
  readonly spans: readonly (readonly [start: number, end: number])[]
}

/** Calibration text that is used: more changed little. */
export const calibrationTokens = 10_000

/** The first texts that together hold at least this many counted tokens. */
export function takeTexts(texts: readonly SampledText[], tokens: number): readonly SampledText[] {
  const taken: SampledText[] = []
  for (let counted = 0; counted < tokens && taken.length < texts.length; ) {
    const text = texts[taken.length] as SampledText
    taken.push(text)
    counted += countedTokens(text)
  }
  return taken
}

export function countedTokens({ spans }: SampledText): number {
  return spans.reduce((sum, [start, end]) => sum + end - start, 0)
}

type Draw = () => number
const pick = <T>(list: readonly T[], draw: Draw): T => list[Math.floor(draw() * list.length)] as T

const words = {
  calibration: {
    names: [
      'Lily',
      'Tom',
      'Anna',
      'Ben',
      'Mia',
      'Sam',
      'Lucy',
      'Max',
      'Sue',
      'Jack',
      'Ella',
      'Leo',
      'Amy',
      'Joe',
      'Zoe',
    ],
    animals: ['cat', 'dog', 'bird', 'rabbit', 'frog', 'bear', 'fish', 'mouse', 'duck', 'pig'],
    things: ['ball', 'hat', 'boat', 'book', 'cake', 'tree', 'box', 'car', 'flower', 'kite', 'spoon', 'drum'],
  },
  evaluation: {
    names: ['Tim', 'Sara', 'Max', 'Emma', 'Billy', 'Rose', 'Jane', 'Peter', 'Lola', 'Nick', 'Gina', 'Owen', 'Clara'],
    animals: ['fox', 'cow', 'horse', 'turtle', 'monkey', 'sheep', 'bee', 'lion'],
    things: ['scarf', 'apple', 'truck', 'bell', 'chair', 'lamp', 'swing', 'puzzle', 'stone', 'shoe'],
  },
} as const
type Words = (typeof words)[keyof typeof words]

const questions = [
  "What is the girl's name?",
  'What happened then?',
  'Thank you!',
  'Tell me another story.',
  'Goodbye',
  'Where did they go?',
]

/** Pieces of a prompt; each is encoded by itself, as web-llm does. `null` is where the model speaks. */
function prompt(variant: string, set: Words, index: number, draw: Draw): readonly (string | null)[] {
  const name = pick(set.names, draw)
  const animal = pick(set.animals, draw)
  const thing = pick(set.things, draw)
  if (variant === 'base') {
    const openings = [
      '',
      `Once upon a time, there was a little ${animal}`,
      `One day, ${name} found a ${thing}`,
      `${name} and a ${animal}`,
    ]
    return [openings[index % 3 === 0 ? 0 : Math.floor(draw() * openings.length)] as string, null]
  }
  if (variant === 'instruct') {
    const story = `One day, ${name} went to the park with a ${animal}. They saw a big ${thing}. ${name} was very happy and wanted to take it home.`
    const instructions = [
      `Write a story about a girl named ${name} and a ${animal}.`,
      `Write a story about a boy named ${name} and a ${thing}.`,
      `Write a story about a ${animal} and a ${thing}.`,
      `Write a story using the words ${thing}, ${animal} and happy.`,
      `Write a story that starts with: One day, ${name} saw a ${thing}.`,
      `Who is the story about? ${story}`,
      `Which animal is in the story? ${story}`,
    ]
    return [`### Instruction:\n${pick(instructions, draw)}\n\n`, '### Response:\n', null]
  }
  const requests = [
    `Tell me a story about a girl named ${name} and a ${animal}.`,
    `Please tell me a story about a ${animal} and a ${thing}.`,
    `Hello! My name is ${name}.`,
    `Can you tell me a story about a boy named ${name}?`,
  ]
  return [`User: ${pick(requests, draw)}\n`, 'Assistant:', null, `User: ${pick(questions, draw)}\n`, 'Assistant:', null]
}

/** SentencePiece BPE by score, as in karpathy/llama2.c run.c: the best-scoring neighbouring pair is merged first. */
export function encoder(vocabulary: { readonly pieces: readonly string[]; readonly scores: readonly number[] }) {
  const ids = new Map(vocabulary.pieces.map((piece, id) => [piece, id]))
  return (text: string): number[] => {
    if (text === '') return []
    const bytes = (character: string) => [...new TextEncoder().encode(character)].map((byte) => byte + 3)
    const tokens = [...`▁${text.replaceAll(' ', '▁')}`].flatMap((character) => ids.get(character) ?? bytes(character))
    for (;;) {
      let best = -Infinity
      let at = -1
      for (let index = 0; index + 1 < tokens.length; index++) {
        const merged = ids.get(
          `${vocabulary.pieces[tokens[index] as number]}${vocabulary.pieces[tokens[index + 1] as number]}`,
        )
        if (merged !== undefined && (vocabulary.scores[merged] as number) > best) {
          best = vocabulary.scores[merged] as number
          at = index
        }
      }
      if (at < 0) return tokens
      const merged = `${vocabulary.pieces[tokens[at] as number]}${vocabulary.pieces[tokens[at + 1] as number]}`
      tokens.splice(at, 2, ids.get(merged) as number)
    }
  }
}

/** Draws at temperature 1 from the smallest set of ids that holds 97 % of the probability. */
function drawId(logits: Float32Array, draw: Draw): number {
  const greatest = logits.reduce((a, b) => Math.max(a, b))
  const candidates: (readonly [id: number, weight: number])[] = []
  for (const [id, logit] of logits.entries())
    if (logit > greatest - 12) candidates.push([id, Math.exp(logit - greatest)])
  candidates.sort((a, b) => b[1] - a[1])
  const total = candidates.reduce((sum, [, weight]) => sum + weight, 0)
  let kept = 0
  let last = 0
  while (kept < 0.97 * total) kept += (candidates[last++] as readonly [number, number])[1]
  let rest = draw() * kept
  for (const [id, weight] of candidates) {
    rest -= weight
    if (rest < 0) return id
  }
  return (candidates[last - 1] as readonly [number, number])[0]
}

/** Lets the model speak wherever a prompt says so, all prompts side by side, up to `limit` tokens each. */
function sample(
  spec: DecoderSpec,
  weights: WeightsByName,
  prompts: readonly (readonly (readonly number[] | null)[])[],
  limit: number,
  draw: Draw,
  multiply: Multiply,
): readonly SampledText[] {
  const { layers } = calibratable(spec)
  const cache = () => layers.map(({ mixer }) => new Float32Array(limit * mixer.kvHeads * mixer.headSize))
  const states = prompts.map((parts) => ({
    ids: [1],
    spans: [] as [number, number][],
    keys: cache(),
    values: cache(),
    parts: [...parts],
    speaking: false,
  }))
  let active = states
  for (let position = 0; position < limit && active.length > 0; position++) {
    const logits = decodeStep(spec, weights, active, position, multiply)
    for (const [row, state] of active.entries()) {
      if (position + 1 < state.ids.length) continue
      for (let part = state.parts[0]; !state.speaking && part !== undefined; part = state.parts[0]) {
        if (part === null && state.ids.length > position + 1) break
        state.parts.shift()
        if (part !== null) state.ids.push(...part)
        else {
          state.speaking = true
          state.spans.push([state.ids.length, state.ids.length])
        }
      }
      if (!state.speaking) continue
      const id = drawId(logits.subarray(row * spec.vocabularySize, (row + 1) * spec.vocabularySize), draw)
      state.ids.push(id)
      ;(state.spans.at(-1) as [number, number])[1] = Math.min(state.ids.length, limit)
      if (id === 1 || id === 2) state.speaking = false
    }
    active = active.filter(({ ids }) => position + 1 < Math.min(ids.length, limit))
  }
  return states.map(({ ids, spans }) => ({
    ids: ids.slice(0, limit),
    spans: spans.filter(([start, end]) => start < end),
  }))
}

async function main(folder: string, output: string): Promise<void> {
  const multiply = await simdMultiply()
  const { spec, weights } = await openModel(folder)
  const encode = encoder(JSON.parse(await readFile(join(folder, 'tokenizer_vocab.json'), 'utf8')))
  const byName = (name: string) => weights.get(name) as Float32Array
  const make = (set: 'calibration' | 'evaluation', count: number, seed: number) => {
    console.log(`${set}: ${count} texts, seed ${seed}`)
    const draw = randomSource(seed)
    const prompts = Array.from({ length: count }, (_, index) =>
      prompt(basename(folder), words[set], index, draw).map((part) => (part === null ? null : encode(part))),
    )
    return sample(spec, byName, prompts, spec.contextTokens, draw, multiply)
  }
  const texts = { calibration: make('calibration', 96, 1), evaluation: make('evaluation', 32, 2) }
  for (const [set, list] of Object.entries(texts)) {
    console.log(`${set}: ${list.reduce((sum, text) => sum + countedTokens(text), 0)} tokens counted`)
  }
  const lines = (list: readonly SampledText[]) => list.map((text) => `  ${JSON.stringify(text)}`).join(',\n')
  await writeFile(
    output,
    `{"calibration": [\n${lines(texts.calibration)}\n], "evaluation": [\n${lines(texts.evaluation)}\n]}\n`,
  )
}

if (import.meta.main) await main(process.argv[2] as string, process.argv[3] as string)
