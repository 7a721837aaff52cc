// What is known of the token that is current, in a line: its text as it is, and facts.
import { shownText } from './tokenWords.ts'

export interface TokenLineProps {
  readonly text: string
  readonly facts: readonly string[]
}

export function TokenLine({ text, facts }: TokenLineProps) {
  return (
    <p className="token-line">
      <span className="token-current">{shownText(text)}</span>
      <span>{facts.join(' · ')}</span>
    </p>
  )
}
