// Where the model runs: adapter, precision, library, memory.
import { Cpu, Gpu } from 'lucide-react'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'

export function AdapterLine() {
  const { models } = useApp()
  const { adapter, selected, status } = useValue(models, (state) => state)
  const isMissing = status.kind === 'failed' && ['no-adapter', 'no-webgpu'].includes(status.problem.code)
  const memory = selected?.manifest.memory
  return (
    <footer className="adapter">
      {adapter === null || isMissing ? (
        <span className="adapter-fact">
          {isMissing ? t('chat.adapter.missing') : status.kind === 'failed' ? null : t('chat.adapter.looking')}
        </span>
      ) : (
        <>
          <span className="adapter-fact adapter-kind">
            {adapter.software ? <Cpu aria-hidden="true" /> : <Gpu aria-hidden="true" />}
            <b>{t(adapter.software ? 'chat.adapter.software' : 'chat.adapter.hardware')}</b> {adapter.name}
          </span>
          <span className="adapter-fact">{t(adapter.halfPrecision ? 'chat.adapter.half' : 'chat.adapter.noHalf')}</span>
          <span className="adapter-fact">{t('chat.adapter.library', { name: adapter.library })}</span>
        </>
      )}
      {memory === undefined ? null : (
        <span className="adapter-fact">
          {t('chat.adapter.memory', {
            all: bytesText(memory.weightsBytes + memory.cacheBytes + memory.workingBytes),
            weights: bytesText(memory.weightsBytes),
            cache: bytesText(memory.cacheBytes),
            working: bytesText(memory.workingBytes),
          })}
        </span>
      )}
      {adapter?.software === true && !isMissing ? <p className="adapter-note">{t('chat.adapter.note')}</p> : null}
    </footer>
  )
}
