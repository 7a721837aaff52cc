// Texts that tokenizers get wrong: every script of Unicode, marks, emoji, white space, code, numbers, and what is no text at all.

/** Letters and digits of each script that the engine's Unicode knows, as words of one to eight characters. */
function scripts(): readonly string[] {
  const points = new Map<string, string[]>()
  const names = scriptNames.filter(isKnown)
  const expressions = names.map((name) => [name, new RegExp(`^\\p{Script=${name}}$`, 'u')] as const)
  for (let point = 0x21; point < 0x20000; point += point < 0x3400 || point >= 0xa000 ? 1 : 97) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const character = String.fromCodePoint(point)
    if (!/^[\p{L}\p{M}\p{N}]$/u.test(character)) continue
    const script = expressions.find(([, expression]) => expression.test(character))?.[0]
    const known = points.get(script ?? 'other') ?? []
    if (known.length < 60) points.set(script ?? 'other', [...known, character])
  }
  return [...points.values()].map((characters) =>
    characters.map((character, index) => (index % 9 === 8 ? ` ${character}` : character)).join(''),
  )
}

const scriptNames =
  'Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Nko Samaritan Mandaic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Canadian_Aboriginal Ogham Runic Tagalog Hanunoo Buhid Tagbanwa Khmer Mongolian Limbu Tai_Le New_Tai_Lue Buginese Tai_Tham Balinese Sundanese Batak Lepcha Ol_Chiki Glagolitic Coptic Tifinagh Han Hiragana Katakana Bopomofo Yi Lisu Vai Bamum Syloti_Nagri Phags_Pa Saurashtra Kayah_Li Rejang Javanese Cham Tai_Viet Meetei_Mayek Linear_B Gothic Ugaritic Old_Persian Deseret Osmanya Osage Cypriot Imperial_Aramaic Phoenician Lydian Kharoshthi Avestan Old_Turkic Brahmi Kaithi Chakma Sharada Khojki Grantha Newa Tirhuta Siddham Modi Takri Ahom Cuneiform Egyptian_Hieroglyphs Mro Miao Tangut Nushu Duployan Adlam'.split(
    ' ',
  )

function isKnown(script: string): boolean {
  try {
    return new RegExp(`\\p{Script=${script}}`, 'u').source !== ''
  } catch {
    return false
  }
}

const written: readonly string[] = [
  'Once upon a time',
  'One day, Lily met a Shoggoth. "Hello!" it said.\n\nThe end.',
  "I'm sure they'll say it's what we've done; he'd know, you're right. I'M SURE THEY'LL SAY IT'S. '\u017f 'S",
  ' leading space',
  'trailing space ',
  '  two  spaces   three    four     five                    many',
  `tabs\t\ttwo\t\t\tthree${'\t'.repeat(12)}twelve`,
  'a'.concat(' '.repeat(31), 'b', ' '.repeat(33), 'c', ' '.repeat(90), 'd', ' '.repeat(170)),
  '\n',
  '\n\n\n\t\ttabs\r\nand returns\r\r\n\n  \n   x\n \n',
  'new\u0085line form\u000cfeed vertical\u000btab',
  'User: Tell me a story.\nAssistant:',
  '### Instruction:\nWrite a poem.\n\n### Response:\n',
  'Es war einmal ein kleines M\u00e4dchen, das hie\u00df Rotk\u00e4ppchen; \u00e7\u00e0 et l\u00e0, \u00f1and\u00fa, \u017c\u00f3\u0142\u0107, \u0130stanbul, ti\u1ebfng Vi\u1ec7t.',
  'Жила-была девочка. Ήταν κάποτε. היה היה פעם. كان يا ما كان. एक समय की बात है। กาลครั้งหนึ่ง.',
  '从前有一个小女孩。むかしむかし、あるところに。옛날 옛적에. 漢字かな交じり文',
  '😀👩‍👩‍👧‍👦🏳️‍🌈🇩🇪🇺🇳 👍🏽 ☹️ 1️⃣ emoji 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 \u{10ffff}',
  'e\u0301 combining Z\u0351\u036b\u0343a\u0327\u0303\u0300lgo, zero\u200bwidth, nbsp\u00a0here, bom\ufeff, soft\u00adhyphen, \u2028 line separator',
  '\u1112\u1161\u11ab \ud55c \u0041\u030a \u00c5 \u212b \u0958 \u2adc \ufb1d',
  'a\u2581b \u2581 \u2581\u2581 underline pieces',
  'if (x <= 10) { return a[i] ** 2; } // code\n\tprint("%d", 0x1F)\nhttps://example.org/?q=1&r=2#x',
  'def f(x):\n    if x:\n        return {"a": [1, 2.5e-3]}\n\n\n    raise ValueError(f"{x!r}")\n',
  '3.14159 1,000,000 2023-11-22 €5 £6 ¥7 ½ ² ₃ № ™ © ∑ ∞ ≠ → ✓ 1234567890123 ٣٤٥ ১২৩ Ⅷ ㊷',
  'aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbb hahahahahaha ...................... -------------- ==========',
  '<0x0A> <0x41> <unk > <| endoftext |> [INST] <<SYS>>',
  'x'.repeat(300),
  'Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
  Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join(''),
  Array.from({ length: 128 }, (_, code) => String.fromCharCode(128 + code)).join(' '),
  'unpaired \ud83d high \ude00 low \udc00\ud800 swapped',
  '\u202eright to left\u202c \u2066isolate\u2069 \ufffd \ufffe \uffff',
]

export const corpus: readonly string[] = [...written, ...scripts()]

/**
 * Letters and signs that every implementation has known for long: what newer characters are, and where combining marks attach, they answer by tables of
 * different years.
 */
const blocks: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0xa1, 0x17f],
  [0x391, 0x3a1],
  [0x3b1, 0x3c9],
  [0x410, 0x44f],
  [0x5d0, 0x5ea],
  [0x621, 0x63a],
  [0x905, 0x939],
  [0xe01, 0xe2e],
  [0x2010, 0x2027],
  [0x2200, 0x22ff],
  [0x3041, 0x3094],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
  [0x10330, 0x1034a],
  [0x10400, 0x1044f],
  [0x20000, 0x2a6d6],
]

/** Text drawn from a few letters, from anything in Unicode, from white space, and from parts of the corpus. */
export function randomText(next: () => number): string {
  const pick = (limit: number) => Math.floor(next() * limit)
  const some = (length: number, one: () => string) => Array.from({ length: 1 + pick(length) }, one).join('')
  const anywhere = () => {
    const [first, last] = blocks[pick(blocks.length)] as readonly [number, number]
    return String.fromCodePoint(first + pick(last - first + 1))
  }
  const makers = [
    () => some(60, () => 'aeinorst ,.\n'[pick(12)] as string),
    () => some(20, anywhere),
    () => some(40, () => [' ', '  ', '\n', '\t', '\r\n', 'a', "'s", '1'][pick(8)] as string),
    () => some(12, () => String.fromCodePoint(0x1f300 + pick(0x300)) + ['', '\u200d', '\ufe0f'][pick(3)]),
    () => {
      const characters = [...(corpus[pick(corpus.length)] as string)]
      const from = pick(characters.length)
      return characters.slice(from, from + 1 + pick(30)).join('')
    },
  ]
  // web-llm decodes bytes with a TextDecoder, which drops a byte order mark at the start.
  return (makers[pick(makers.length)] as () => string)().replace(/^\ufeff+/, '')
}
