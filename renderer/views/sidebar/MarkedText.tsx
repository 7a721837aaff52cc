// A text with its matches marked.
export interface MarkedTextProps {
  readonly text: string
  /** Characters, end exclusive. */
  readonly marks: readonly (readonly [start: number, end: number])[]
}

export function MarkedText({ text, marks }: MarkedTextProps) {
  const sound = marks
    .toSorted((a, b) => a[0] - b[0])
    .filter(([start, end], index, all) => start < end && start >= (all[index - 1]?.[1] ?? 0))
  return (
    <>
      {sound.map(([start, end], index) => (
        <span key={start}>
          {text.slice(sound[index - 1]?.[1] ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(sound.at(-1)?.[1] ?? 0)}
    </>
  )
}
