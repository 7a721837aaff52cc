// Text as it was written, line by line: what a person wrote. Each line has its own direction.
import { cleanText } from '../../reading/cleanText.ts'

export function PlainText({ text }: { readonly text: string }) {
  return <p className="reading-plain">{cleanText(text)}</p>
}
