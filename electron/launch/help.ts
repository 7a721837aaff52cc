// What `--help` prints, per command.
import { templates } from '../../shared/prompts/templates/index.ts'

export const helpTexts = {
  hearth: `hearth: run open language models on this computer, offline

  hearth run <prompt>          continue a text, or ask an instruct or chat model
  hearth list                  list the models that are here
  hearth search <words>        look for models on the Hub
  hearth show <model>          say what a model is, here or on the Hub, before anything large is read
  hearth pull <model>          download, verify, compile and install a model
  hearth verify [<model> ...]  read every byte of installed models again
  hearth rm <model> ...        delete installed models
  hearth compile <folder>      turn a Hugging Face checkpoint into a model
  hearth inspect <folder>      say what a checkpoint is and whether it compiles
  hearth doctor                what this computer has, and whether Hearth's folders are sound

  hearth <command> --help      options of a command
  hearth --version

HEARTH_HOME sets the folder for models and settings, for the app as well. HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_OFFLINE,
HTTP_PROXY, HTTPS_PROXY and NO_PROXY mean what they mean to Hugging Face's programs; what is set in the app comes first.
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
  search: `hearth search <words>: looks for models that write text on the Hub

  <words>   parts of a name
  --json    one JSON array, for programs

What each line names can be shown with hearth show and installed with hearth pull.
`,
  show: `hearth show <model>: says what a model is

  <model>   publisher/name of an installed model or of a repository, or the address of its page
  --json    one JSON object, for programs

Of a repository only the small files and the heads of its weights are read: architecture, kind, licence, sizes, and
whether it can be installed, with the reason when not. Exit code 1 when it cannot.
`,
  pull: `hearth pull <model>: downloads, verifies, compiles and installs a model

  <model>                      publisher/name or the address of its page, with /tree/<revision> or without; of a
                               repository of ready-made MLC weights only the library is made here
  --format <format>            q4f16_1 (default), q4f32_1, q0f32, q0f16
  --quantization <method>      search (default) or round-to-nearest: how 4-bit values are chosen
  --context <n>                tokens of context at most (default: what the model was trained for, up to 4096)
  --keep-checkpoint            keep the downloaded checkpoint beside the model
  --json                       a JSON object per line as it goes on, for programs

The download goes on where it was when the command is started again, after Ctrl-C as after a crash. A model is listed
when all of it is there and verified. Exit code 1 and one line that names the file when anything is wrong; then
nothing is listed.
`,
  verify: `hearth verify [<model> ...]: reads every byte of installed models and compares the hashes

  <model>     publisher/name; every installed model when none is named
  --repair    fetch or make again what is damaged
  --json      one JSON array, for programs

Exit code 1 when anything is damaged (and not repaired), a line for each file.
`,
  rm: `hearth rm <model> ...: deletes installed models

  <model>   publisher/name
  --json    one JSON array, for programs

What other models share stays. Models that came with Hearth, and files of other programs, are never deleted.
`,
  doctor: `hearth doctor: what this computer has, and whether Hearth's folders are sound

  --json    one JSON object, for programs

Asks no network. Exit code 1 when something is wrong.
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
