// The files of a job, for whoever wants to know.
import { Check } from 'lucide-react'
import { useState } from 'react'
import type { JobFile } from '../../../shared/jobs.ts'
import { bytesOf, bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export function JobFiles({ files }: { readonly files: readonly JobFile[] }) {
  const [isOpen, setIsOpen] = useState(false)
  if (files.length === 0) return null
  const verified = files.filter(({ isVerified }) => isVerified).length
  return (
    <details className="foreign" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{t('downloads.verifiedOf', { count: files.length, verified })}</summary>
      {isOpen ? (
        <ul className="rows">
          {files.map(({ name, sizeBytes, doneBytes, isVerified }) => (
            <li key={name} className="row">
              <span className="row-name">{name}</span>
              <span className="soft figures-text">
                {doneBytes >= sizeBytes ? bytesText(sizeBytes) : bytesOf(doneBytes, sizeBytes)}
              </span>
              {isVerified ? (
                <span className="installed">
                  <Check aria-hidden="true" /> {t('downloads.verified')}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </details>
  )
}
