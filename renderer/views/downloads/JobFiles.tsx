// The files of a job, for whoever wants to know.
import { Check } from 'lucide-react'
import { useState } from 'react'
import type { JobFile } from '../../../shared/jobs.ts'
import { formatBytes, formatCount } from '../../../shared/units.ts'

export function JobFiles({ files }: { readonly files: readonly JobFile[] }) {
  const [isOpen, setIsOpen] = useState(false)
  if (files.length === 0) return null
  const verified = files.filter(({ isVerified }) => isVerified).length
  return (
    <details className="foreign" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {formatCount(files.length, 'file')}, {verified} verified
      </summary>
      {isOpen ? (
        <ul className="rows">
          {files.map(({ name, sizeBytes, doneBytes, isVerified }) => (
            <li key={name} className="row">
              <span className="row-name">{name}</span>
              <span className="soft figures-text">
                {doneBytes >= sizeBytes
                  ? formatBytes(sizeBytes)
                  : `${formatBytes(doneBytes)} of ${formatBytes(sizeBytes)}`}
              </span>
              {isVerified ? (
                <span className="installed">
                  <Check aria-hidden="true" /> verified
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </details>
  )
}
