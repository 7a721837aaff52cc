import { expect, test } from 'vitest'
import { parseCommand, UsageError } from '../../../electron/launch/arguments.ts'
import { helpTexts } from '../../../electron/launch/help.ts'
import { repositoryOf } from '../../../electron/services/folderName.ts'
import { templates } from '../../../shared/prompts/templates/index.ts'

test('run takes its numbers from the command line and leaves the others to the model', () => {
  const command = parseCommand(['run', 'Once upon a time', '--max-tokens', '64', '--temperature', '0', '--seed=1'])
  expect(command).toEqual({
    kind: 'run',
    options: {
      prompt: 'Once upon a time',
      modelId: null,
      maxTokens: 64,
      temperature: 0,
      topP: null,
      seed: 1,
      stats: false,
    },
  })
})

test('options may stand before the prompt, and a prompt may start with a hyphen after --', () => {
  const command = parseCommand(['run', '--stats', '--model', 'a/b', '--top-p', '0.5', '--', '--once'])
  expect(command).toMatchObject({ options: { prompt: '--once', modelId: 'a/b', topP: 0.5, stats: true } })
})

test('compile makes q4f16_1 unless another format is asked for', () => {
  expect(parseCommand(['compile', 'in', '--out', 'made'])).toEqual({
    kind: 'compile',
    options: { source: 'in', target: 'made', id: null, format: 'q4f16_1', quantization: null, prompt: null },
  })
  expect(parseCommand(['compile', 'in', '-o', 'made', '--format', 'q0f32', '--id', 'me/toy'])).toMatchObject({
    options: { format: 'q0f32', id: 'me/toy' },
  })
})

test('compile takes a prompt template by name, and its help lists them all', () => {
  expect(parseCommand(['compile', 'in', '--out', 'made', '--prompt', 'zephyr'])).toMatchObject({
    options: { prompt: { template: { name: 'zephyr' }, variant: 'chat' } },
  })
  for (const { name } of templates) expect(helpTexts.compile).toContain(name)
  for (const line of helpTexts.compile.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

test('the folder of a checkpoint names it, in the Hub’s cache with its publisher', () => {
  expect(repositoryOf('/data/vicuna-7b-v1.5')).toBe('vicuna-7b-v1.5')
  expect(repositoryOf('/home/me/.cache/huggingface/hub/models--01-ai--Yi-6B-Chat/snapshots/0ab1')).toBe(
    '01-ai/Yi-6B-Chat',
  )
})

test('every command has its help, alone and after the command', () => {
  for (const topic of ['run', 'compile', 'inspect', 'list'] as const) {
    expect(parseCommand([topic, '--help'])).toEqual({ kind: 'help', topic })
    expect(parseCommand(['help', topic])).toEqual({ kind: 'help', topic })
    expect(helpTexts.hearth).toContain(`hearth ${topic}`)
  }
})

test('help names every option that its command takes', () => {
  const options = {
    run: ['model', 'max-tokens', 'temperature', 'top-p', 'seed', 'stats'],
    compile: ['out', 'format', 'quantization', 'prompt', 'id'],
    list: ['json'],
  }
  const missing = Object.entries(options).flatMap(([topic, names]) =>
    names.filter((name) => !helpTexts[topic as keyof typeof options].includes(`--${name}`)),
  )
  expect(missing).toEqual([])
})

const wrong: readonly (readonly [args: readonly string[], problem: RegExp])[] = [
  [[], /a command is needed/],
  [['chat'], /unknown command chat/],
  [['help', 'chat'], /unknown command chat/],
  [['run'], /a prompt is needed/],
  [['run', ''], /the prompt is empty/],
  [['run', 'Once', 'upon'], /unexpected argument upon/],
  [['run', 'x', '--loud'], /--loud/],
  [['run', 'x', '--temperature', 'hot'], /--temperature: expected a number from 0 to 5, got hot/],
  [['run', 'x', '--temperature', ''], /--temperature/],
  [['run', 'x', '--temperature', 'NaN'], /--temperature/],
  [['run', 'x', '--temperature', '5.1'], /--temperature/],
  [['run', 'x', '--top-p', '1.01'], /--top-p/],
  [['run', 'x', '--top-p', '0'], /--top-p: expected a number above 0, up to 1, got 0/],
  [['run', 'x', '--max-tokens', '0'], /--max-tokens/],
  [['run', 'x', '--max-tokens', '1.5'], /--max-tokens: expected a whole number, got 1.5/],
  [['run', 'x', '--seed', '-1'], /seed/],
  [['run', 'x', '--seed', '2147483648'], /--seed/],
  [['run', 'x', '--seed'], /seed/],
  [['run', 'x', '--stats=yes'], /stats/],
  [['compile'], /a checkpoint folder is needed/],
  [['compile', 'in'], /--out <folder> is needed/],
  [['compile', 'in', '--out', ''], /--out <folder> is needed/],
  [['compile', 'in', '--out', 'x', '--format', 'q3'], /--format: expected q4f16_1, q4f32_1, q0f32, q0f16, got q3/],
  [['compile', 'in', '--out', 'x', '--quantization', 'best'], /--quantization/],
  [['compile', 'in', '--out', 'x', '--format', 'q0f16', '--quantization', 'search'], /q0f16, which keeps/],
  [['compile', 'in', '--out', 'x', '--prompt', 'vicuna'], /--prompt: no template is called vicuna/],
  [['compile', 'in', '--out', 'x', '--id', '../up'], /--id: expected publisher\/name/],
  [['list', 'all'], /unexpected argument all/],
]

test.each(wrong)('wrong arguments are refused in one line that names them: %j', (args, problem) => {
  const refused = catchUsage(args)
  expect(refused).toMatch(problem)
  expect(refused).not.toContain('\n')
})

function catchUsage(args: readonly string[]): string {
  try {
    parseCommand(args)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'accepted'
}
