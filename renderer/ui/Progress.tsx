import { useId } from 'react'

export interface ProgressProps {
  readonly label: string
  /** 0 to 1, or null while it cannot be told. */
  readonly fraction: number | null
}

export function Progress({ label, fraction }: ProgressProps) {
  const id = useId()
  return (
    <div className="progress">
      <span id={id}>{label}</span>
      <progress aria-labelledby={id} {...(fraction === null ? {} : { value: fraction, max: 1 })} />
    </div>
  )
}
