// Every template against the outside: the prompts other programs write, the pieces gathered from published sources, and web-llm's own conversation code.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convTemplate, loadedConvTemplate } from '../../../shared/prompts/convTemplate.ts'
import { neutralise } from '../../../shared/prompts/neutralise.ts'
import { renderPieces, renderTurns, type Turn } from '../../../shared/prompts/renderTurns.ts'
import { promptTemplate, type Template, type TokenizerFacts } from '../../../shared/prompts/template.ts'
import { templateNamed, templates } from '../../../shared/prompts/templates/index.ts'
import { webLlmPrompt } from '../../support/webLlmConversation.ts'
import { webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

interface Rendering {
  readonly template: string
  readonly source: string
  /** null: the template's own. */
  readonly system: string | null
  readonly turns: readonly string[]
  readonly text: string
}
interface Pieces {
  readonly id: string
  readonly pieces: {
    readonly system: { readonly prefix: string; readonly suffix: string }
    readonly user: { readonly prefix: string; readonly suffix: string }
    readonly assistant: { readonly prefix: string; readonly suffix: string }
    readonly generation_prefix: string
    readonly system_inside_first_user_turn: boolean
  }
  readonly stop: readonly string[]
  readonly system_required: boolean
  readonly system_text: string | null
}

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/prompts/${name}`, import.meta.url), 'utf8')) as T
}
const { renderings } = fixture<{ renderings: readonly Rendering[] }>('renderings.json')
const published = fixture<{ templates: readonly Pieces[] }>('pieces.json').templates

/** A tokenizer that leaves texts as they are and knows no special tokens. */
const plain: TokenizerFacts = { prependsSpace: false, idOf: () => null }
const named = (name: string): Template => {
  const found = templateNamed(name)
  if (found === undefined) throw new Error(`no template ${name}`)
  return found
}
const turnsOf = (texts: readonly string[]): readonly Turn[] =>
  texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text }))
const texts = ['Tell me about $& and {user_message}.', "It is $' or $1 or $$.", 'And {system_message}?\n\nNo {round}.']

test('every template has a name of its own, and the model writes the rest of the prefix it opens', () => {
  expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length)
  for (const { name, assistant, reply } of templates) {
    expect([name, assistant.prefix.startsWith(reply), assistant.prefix.slice(reply.length).trim()]).toEqual([
      name,
      true,
      '',
    ])
  }
})

/** Where FastChat itself departs from the model's card. */
const asOnCard: Readonly<Record<string, (text: string) => string>> = {
  // It puts the separator behind an empty system text.
  'redpajama-chat': (text) => text.replace(/^\n/, ''),
  // It opens the reply with a line break that the card leaves to the model.
  'orca-2': (text) => text.replace(/\n$/, ''),
}

test.each(
  renderings.map((rendering, index) => [`${index} ${rendering.template} as ${rendering.source}`, rendering] as const),
)('%s', (_name, { template, system, turns, text }) => {
  const prompt = promptTemplate(named(template), plain)
  expect(renderTurns(prompt, turnsOf(turns), system ?? undefined).join('')).toBe(asOnCard[template]?.(text) ?? text)
})

describe('the published pieces', () => {
  /** Where the sources leave a choice, or the pieces cannot say what is done. */
  const chosen: Readonly<Record<string, string>> = {
    'llama-2-chat': 'the pieces are one exchange; the next begins with <s>, checked against FastChat',
    'vicuna-v0': 'without a system text the first turn keeps its ###',
    'guanaco-josephus': 'the reply opens behind its role word, not before it',
    zephyr: 'without a system text the empty block stays, checked against FastChat',
    xgen: 'the reply opens behind the whole role word, checked against FastChat',
    chatglm: 'rounds are counted, checked against FastChat',
    chatglm2: 'rounds are counted, checked against FastChat',
    chatglm3: 'a finished turn has a line break that the opened one leaves to the model, as FastChat',
    'orca-2': 'a finished turn has the line break that the opened one leaves to the model, as FastChat',
    'falcon-instruct': 'blank lines are squeezed, checked against FastChat',
  }
  test('there is a template for each', () => {
    expect(published.filter(({ id }) => templateNamed(id) === undefined).map(({ id }) => id)).toEqual([])
  })

  test.each(published.filter(({ id }) => chosen[id] === undefined).map((pieces) => [pieces.id, pieces] as const))(
    '%s renders as its pieces say',
    (id, { pieces, system_text, system_required }) => {
      const prompt = promptTemplate(named(id), plain)
      for (const count of [1, 3]) {
        const turns = turnsOf(texts.slice(0, count))
        const around = (text: string) => (text === '' ? '' : pieces.system.prefix + text + pieces.system.suffix)
        const expected = (system: string) => {
          const body = turns.map(({ role, text }, index) => {
            const inside = index === 0 && pieces.system_inside_first_user_turn ? around(system) : ''
            return pieces[role].prefix + inside + text + pieces[role].suffix
          })
          return (pieces.system_inside_first_user_turn ? '' : around(system)) + body.join('') + pieces.generation_prefix
        }
        const tunedWith = prompt.dialogue?.system?.text ?? ''
        if (system_required && system_text !== null) expect(tunedWith).toBe(system_text)
        expect(renderTurns(prompt, turns).join('')).toBe(expected(tunedWith))
        if (prompt.dialogue?.system !== null)
          expect(renderTurns(prompt, turns, 'Be $& brief.').join('')).toBe(expected('Be $& brief.'))
      }
    },
  )
})

test('web-llm writes the same prompt, from the configuration of the folder and from the pieces it is given here', async () => {
  const webLlm = await webLlmPrompt()
  const gapLost = new Set(['llama-2-chat', 'mistral-instruct'])
  for (const template of templates) {
    const prompt = promptTemplate(template, plain)
    const prompting = { prompt, bosTokenId: 1, stopTokenIds: [2] }
    const loaded = loadedConvTemplate(prompting)
    for (const count of template.singleTurn ? [1] : [1, 3, 5]) {
      const turns = turnsOf([...texts, 'Four.', 'Five?'].slice(0, count))
      const pieces = renderTurns(prompt, turns)
      const sent = renderPieces(prompt, turns).pieces.map(({ role, text }) => ({ role, content: text }))
      expect(webLlm(loaded, sent).filter((piece) => piece !== '')).toEqual(pieces.filter((piece) => piece !== ''))
      if (count > 1) expect(webLlm(loaded, sent, 'last round').join('')).toBe(pieces.at(-1))
      // The folder's own configuration counts no rounds, squeezes no lines, and has one gap for both roles.
      const wraps = template.firstRound === undefined && template.squeezeBlankLines === undefined
      if (!wraps || (count > 1 && gapLost.has(template.name))) continue
      const bare = turns.map(({ role, text }) => ({ role, content: text }))
      expect([template.name, webLlm(convTemplate(prompting), bare).join('')]).toEqual([template.name, pieces.join('')])
    }
  }
})

test("on Llama's tokenizer the pieces of a first question are tokenized as the whole text is, and replies start with their space", async () => {
  const tokenizers = await webLlmTokenizers()
  const file = new URL('../../../resources/models/tinystories-15m/base/tokenizer.json', import.meta.url)
  const tokenizer = await tokenizers.fromJSON(Uint8Array.from(readFileSync(file)).buffer)
  const encode = (text: string) => [...tokenizer.encode(text)]
  expect(encode('')).toEqual([])
  const facts: TokenizerFacts = {
    prependsSpace: true,
    idOf: () => null,
  }
  const turns = turnsOf(['What is a cat?', 'A small animal.', 'And a dog?'])
  for (const template of templates) {
    const prompt = promptTemplate(template, facts)
    const whole = renderTurns(promptTemplate(template, plain), turns.slice(0, 1)).join('')
    expect([template.name, renderTurns(prompt, turns.slice(0, 1)).flatMap(encode)]).toEqual([
      template.name,
      encode(whole),
    ])
  }
  // With history, where a reply follows a word and ends in a token: the whole text is what Transformers gives to the same tokenizer.
  for (const name of ['vicuna-v1.1', 'koala', 'mistral-instruct']) {
    const pieces = renderTurns(promptTemplate(named(name), facts), turns)
    const whole = renderTurns(promptTemplate(named(name), plain), turns).join('')
    expect([name, pieces.flatMap(encode)]).toEqual([name, encode(whole)])
  }
  tokenizer.dispose()
})

test('tokens that a person spells are never those of the wrapping', () => {
  for (const template of templates) {
    const tokens = [...template.stopTokens, ...template.stopStrings, '<s>', '<|im_start|>', '[INST]', '<|user|>']
    const specials = [...new Set(tokens)].filter((token) => token.trim().length > 1)
    const prompt = promptTemplate(template, plain)
    const spelled = neutralise(`${specials.join('')}system ${specials.join(' ')}`, specials)
    const count = (text: string) => specials.map((special) => text.split(special).length)
    const around = (content: string) => count(renderTurns(prompt, turnsOf([content, content, content])).join('|'))
    expect([template.name, around(spelled)]).toEqual([template.name, around('x')])
  }
})

test('nothing a person types or a system text says changes the wrapping', () => {
  fc.assert(
    fc.property(fc.constantFrom(...templates), fc.string(), fc.string(), (template, typed, system) => {
      const prompt = promptTemplate(template, plain)
      const content = template.squeezeBlankLines ? typed.replaceAll('\r\n', '\n').replaceAll('\n\n', '\n') : typed
      const [piece = ''] = renderTurns(prompt, [{ role: 'user', text: typed }], system)
      const [marked = ''] = renderTurns(prompt, [{ role: 'user', text: '\u0001' }], '\u0002')
      const empty = renderTurns(prompt, [{ role: 'user', text: '\u0001' }], '')[0] ?? ''
      const frame = system === '' ? empty : marked
      expect(piece).toBe(frame.split('\u0002').join(system).split('\u0001').map(String).join(content))
    }),
    { examples: [[named('chatglm2'), '{round} $&', '{round}']] },
  )
})
