// Texts that are made to cost a markdown parser time or memory; a model that repeats itself prints some of them by accident.

const nested = (open: string, close: string, times: number) => `${open.repeat(times)}x${close.repeat(times)}`

export const slowTexts: readonly (readonly [name: string, text: string])[] = [
  ['60 KB of *a_', '*a_'.repeat(20_000)],
  ['8 KB of *a_, which is short enough to be tried', '*a_'.repeat(2700)],
  ['8 blocks of *a_', Array.from({ length: 8 }, () => '*a_'.repeat(2700)).join('\n\n')],
  ['50,000 opening brackets', '['.repeat(50_000)],
  ['8,000 opening brackets', '['.repeat(8000)],
  ['4,000 opening pictures', '!['.repeat(4000)],
  ['4,000 nested brackets', nested('[', ']', 4000)],
  ['2,000 nested links', nested('[', '](x)', 1500)],
  ['a table of 3,000 columns', `${'|a'.repeat(3000)}|\n${'|-'.repeat(3000)}|\n${'|b'.repeat(3000)}|`],
  ['a table of 5,000 rows', `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(5000)}`],
  ['2,000 nested quotes', `${'>'.repeat(2000)} x`],
  ['2,000 nested lists', Array.from({ length: 120 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
  ['emphasis of 8,000 stars', '*'.repeat(8000)],
  ['4,000 stars before a word and behind it', nested('*', '*', 4000)],
  ['underlines and stars in turn', '_*'.repeat(4000)],
  ['4,000 backticks of growing length', Array.from({ length: 120 }, (_, length) => '`'.repeat(length + 1)).join('x')],
  ['8,000 opening angles', '<'.repeat(8000)],
  ['unclosed comments', '<!--'.repeat(2000)],
  ['unclosed tags', '<a b="'.repeat(1300)],
  ['addresses without an end', 'http://'.repeat(1100)],
  ['mail addresses without an end', 'a@a.'.repeat(2000)],
  ['2,000 character references', '&amp;'.repeat(1600)],
  ['dollars', '$'.repeat(8000)],
  ['1,300 formulas', '$x_1^2$ '.repeat(1000)],
  ['a formula that defines itself', '$$\n\\def\\a{\\a\\a}\\a\n$$'],
  [
    'formulas that double 30 times',
    `$$\n${Array.from({ length: 30 }, (_, n) => `\\def\\${name(n)}{\\${name(n + 1)}\\${name(n + 1)}}`).join('')}\\${name(0)}\n$$`,
  ],
  ['a formula of 60 fractions', `$$\n${nested('\\frac{1}{', '}', 60)}\n$$`],
  ['a large matrix', `$$\n\\begin{matrix}${`${'x&'.repeat(15)}x\\\\`.repeat(30)}\\end{matrix}\n$$`],
  ['a formula of large sizes', `$${'\\rule{9999em}{9999em}'.repeat(50)}$`],
  ['20 KB of code on one line', `\`\`\`js\n${'(function(){'.repeat(1600)}\n\`\`\``],
  ['code that makes a highlighter go back', `\`\`\`cpp\n${'<a<b'.repeat(4800)}\n\`\`\``],
  ['code of quotes', `\`\`\`bash\n${'"$('.repeat(6000)}\n\`\`\``],
  ['code in Markdown of stars', `\`\`\`markdown\n${'*a_'.repeat(6000)}\n\`\`\``],
  ['regular expressions in code', `\`\`\`js\n${'/[/(a*)*'.repeat(2400)}\n\`\`\``],
  ['500 KB of words', 'word '.repeat(100_000)],
  ['200 KB of code', `\`\`\`js\n${'const a = 1;\n'.repeat(16_000)}\n\`\`\``],
  ['20,000 empty lines', 'a\n'.padEnd(20_000, '\n')],
  ['3,000 headings', '# a\n'.repeat(3000)],
  [
    '5,000 definitions',
    Array.from({ length: 5000 }, (_, index) => `[a${index}]: http://evil.example/${index}`).join('\n\n'),
  ],
  ['3,000 footnotes', Array.from({ length: 3000 }, (_, index) => `[^${index}]`).join(' ')],
  ['combining characters', `a${'\u0301'.repeat(8000)}`],
  ['one long word', 'a'.repeat(100_000)],
]

/** Names of commands are letters. */
function name(index: number): string {
  return `q${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}`
}
