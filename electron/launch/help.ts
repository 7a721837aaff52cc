// What `--help` prints, per command.
import { templates } from '../../shared/prompts/templates/index.ts'

export const helpTexts = {
  hearth: `hearth: run open language models on this computer, offline

  hearth run <prompt>          continue a text, or ask an instruct or chat model
  hearth compile <folder>      turn a Hugging Face checkpoint into a model
  hearth inspect <folder>      say what a checkpoint is and whether it compiles
  hearth list                  list the models that are here

  hearth <command> --help      options of a command
  hearth --version

HEARTH_HOME sets the folder for models and settings, for the app as well.
Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 stopped with Ctrl-C.
`,
  run: `hearth run <prompt>: prints what the model writes, as it comes

  <prompt>               the text; - reads it from standard input
  --model <id>           which model, as hearth list names it (default: the bundled base model)
  --max-tokens <n>       stop after this many tokens (default 256)
  --temperature <t>      0 always takes the likeliest token (default: the model's own)
  --top-p <p>            draw from the likeliest tokens that sum to p (default: the model's own)
  --seed <n>             the same seed draws the same text again (default: a new one each time)
  --stats                tokens, tokens per second and time to the first token, on stderr

Ctrl-C stops.
`,
  compile: `hearth compile <folder> --out <folder>: turns a Hugging Face checkpoint into a model that runs on WebGPU

  <folder>                     config.json, *.safetensors or pytorch_model*.bin, and the tokenizer
  --out, -o <folder>           the model folder to make; it appears when it is complete
  --format <format>            q4f16_1 (default), q4f32_1, q0f32, q0f16
  --quantization <method>      search (default) or round-to-nearest: how 4-bit values are chosen
  --prompt <template>          how questions are put to the model (default: what it was tuned with, by its name
                               or its chat template; printed with the reason)
  --id <publisher/name>        the model's id (default: local/ and the name of the new folder)

Templates: none (a base model, which continues text),
${listed(templates.map(({ name }) => name))}

Nothing is left behind when it fails or is stopped.
`,
  inspect: `hearth inspect <folder>: says what a Hugging Face checkpoint is, without compiling it

  <folder>    config.json, the weights and the tokenizer

Architecture, kind, licence, size in each format, and whether it compiles, with the reason when not.
Exit code 1 when it does not.
`,
  list: `hearth list: the models that came with Hearth and those in the data folder

  --json    one JSON array, for programs
`,
} as const

export type HelpTopic = keyof typeof helpTexts

export function isHelpTopic(name: string): name is HelpTopic {
  return Object.hasOwn(helpTexts, name)
}

/** Names in lines of at most 100 characters. */
function listed(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + name.length < 98) lines[lines.length - 1] = `${last}, ${name}`
    else lines.push(`  ${name}`)
  }
  return lines.join(',\n')
}
