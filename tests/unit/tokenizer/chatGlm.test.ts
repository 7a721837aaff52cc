// ChatGLM's special tokens and white space, on Llama's pieces, run by web-llm's own tokenizer and compared with SentencePiece behind the steps of
// THUDM's Python.
import { describe, expect, test } from 'vitest'
import { corpus } from '../../support/corpus.ts'
import { llamaPieces as llama, withUserDefined } from '../../support/llamaPieces.ts'
import { sentencePieceFile } from '../../support/sentencePieceModel.ts'
import { checkpointTokenizer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()

describe('ChatGLM', () => {
  // Its own 64,789 pieces are not at hand: Llama's stand in, so the numbers are counted from 32,000.
  const config = (name: string) => JSON.stringify({ name_or_path: name, tokenizer_class: 'ChatGLMTokenizer' })
  test('the special tokens of ChatGLM3 follow the pieces, and sop is no part of words', async () => {
    const files = { 'tokenizer.model': sentencePieceFile(llama), 'tokenizer_config.json': config('THUDM/chatglm3-6b') }
    const loaded = await checkpointTokenizer(files, 33_000)
    const own = [
      '[MASK]',
      '[gMASK]',
      '[sMASK]',
      'sop',
      'eop',
      '<|system|>',
      '<|user|>',
      '<|assistant|>',
      '<|observation|>',
    ]
    expect(own.map((_, index) => loaded.idToToken(32_000 + index))).toEqual(own)
    expect([...loaded.encode('[gMASK]<|user|>hello<|assistant|>')]).toEqual([32_001, 32_006, 22_172, 32_007])
    const plain = await checkpointTokenizer({ 'tokenizer.model': sentencePieceFile(llama) }, 33_000)
    for (const text of ['sop', 'sophisticated people', 'a sop eop'])
      expect(loaded.encode(text)).toEqual(plain.encode(text))
    plain.dispose()
    loaded.dispose()
  })

  test('ChatGLM2 has no roles', async () => {
    const files = { 'tokenizer.model': sentencePieceFile(llama), 'tokenizer_config.json': config('THUDM/chatglm2-6b') }
    const loaded = await checkpointTokenizer(files, 33_000)
    expect(loaded.idToToken(32_004)).toBe('eop')
    expect(loaded.encode('<|user|>').length).toBeGreaterThan(3)
    loaded.dispose()
  })

  describe.each([0, 20_000])('6B with room for %i image tokens', async (images) => {
    const blanks = Array.from({ length: 79 }, (_, index) => `<|blank_${index + 2}|>`)
    const own = ['<n>', '<|tab|>', ...blanks, '[MASK]', '[gMASK]', '<sop>', '<eop>']
    const model = sentencePieceFile(withUserDefined({ ...llama, removeExtraSpaces: true }, own))
    const files = { 'ice_text.model': model, 'tokenizer_config.json': JSON.stringify({ num_image_tokens: images }) }
    const ours = await checkpointTokenizer(files, 60_000)
    const theirs = await tokenizers.fromSentencePiece(Uint8Array.from(model).buffer)
    // tokenization_chatglm.py: _preprocess
    const prepared = (text: string) => {
      let result = text.replaceAll('\n', '<n>').replaceAll('\t', '<|tab|>')
      for (let length = 80; length > 1; length--) result = result.replaceAll(' '.repeat(length), `<|blank_${length}|>`)
      return result
    }
    test('line breaks, tabs and runs of spaces are pieces and come back', () => {
      for (const text of corpus.map((one) => one.toWellFormed().replaceAll('\0', ''))) {
        const ids = ours.encode(text)
        expect([text, ...ids]).toEqual([text, ...theirs.encode(prepared(text)).map((id) => id + images)])
        if (!/^ | $|<unk>|\u2581/.test(text)) expect(ours.decode(ids)).toBe(text)
      }
    })
  })
})
