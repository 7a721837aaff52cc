// Text typed by a person must not turn into special tokens: web-llm's tokenizer reads `</s>` inside a message as the token that ends it.

/**
 * The text with every special-token spelling broken by one space after its first character (`</s>` becomes `< /s>`), so that it is read as ordinary
 * text. A special of one character is removed. Text without specials comes back unchanged.
 */
export function neutralise(text: string, specialTokens: readonly string[]): string {
  const specials = specialTokens.filter((special) => special !== '')
  let current = text
  // Breaking one spelling can complete another only where a special holds a space; the bound ends specials that feed each other, after
  // which they are taken out.
  for (let pass = 0; pass < 8; pass++) {
    const found = specials.filter((special) => current.includes(special))
    if (found.length === 0) return current
    for (const special of found) current = current.replaceAll(special, () => broken(special))
  }
  while (specials.some((special) => current.includes(special))) {
    for (const special of specials) current = current.replaceAll(special, '')
  }
  return current
}

function broken(special: string): string {
  const first = String.fromCodePoint(special.codePointAt(0) ?? 0)
  return first.length === special.length ? '' : `${first} ${special.slice(first.length)}`
}
