// An instruction with the input it is about.

/** One text, the input behind a blank line. */
export function withInput(text: string, input: string): string {
  return [text, input].filter((part) => part !== '').join('\n\n')
}
