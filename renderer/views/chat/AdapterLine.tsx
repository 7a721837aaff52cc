// Where the model runs, in one line: the adapter and the memory. Opened, it says the rest.
import { Cpu, Gpu } from 'lucide-react'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'

export function AdapterLine() {
  const { models } = useApp()
  const { adapter, selected, status } = useValue(models, (state) => state)
  const isMissing = status.kind === 'failed' && ['no-adapter', 'no-webgpu'].includes(status.problem.code)
  const memory = selected?.manifest.memory
  if (adapter === null || isMissing) {
    return (
      <footer className="adapter">
        {isMissing ? t('chat.adapter.missing') : status.kind === 'failed' ? null : t('chat.adapter.looking')}
      </footer>
    )
  }
  return (
    <footer className="adapter">
      <details>
        <summary>
          {adapter.software ? <Cpu aria-hidden="true" /> : <Gpu aria-hidden="true" />}
          <b>{t(adapter.software ? 'chat.adapter.software' : 'chat.adapter.hardware')}</b>
          {` ${adapter.name} `}
          {memory === undefined ? null : (
            <span>
              {t('chat.adapter.all', { all: bytesText(memory.weightsBytes + memory.cacheBytes + memory.workingBytes) })}
            </span>
          )}
        </summary>
        <p>
          <span>{t(adapter.halfPrecision ? 'chat.adapter.half' : 'chat.adapter.noHalf')}</span>
          <span>{t('chat.adapter.library', { name: adapter.library })}</span>
          {memory === undefined ? null : (
            <span>
              {t('chat.adapter.memory', {
                weights: bytesText(memory.weightsBytes),
                cache: bytesText(memory.cacheBytes),
                working: bytesText(memory.workingBytes),
              })}
            </span>
          )}
        </p>
        {adapter.software ? <p>{t('chat.adapter.note')}</p> : null}
      </details>
    </footer>
  )
}
