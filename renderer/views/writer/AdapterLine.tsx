// Where the model runs: adapter, precision, library, memory.
import { Cpu, Gpu } from 'lucide-react'
import { formatBytes } from '../../../shared/units.ts'
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
          {isMissing ? 'No graphics adapter' : status.kind === 'failed' ? null : 'Looking for a graphics adapter …'}
        </span>
      ) : (
        <>
          <span className="adapter-fact adapter-kind">
            {adapter.software ? <Cpu aria-hidden="true" /> : <Gpu aria-hidden="true" />}
            <b>{adapter.software ? 'Software adapter' : 'Hardware adapter'}</b> {adapter.name}
          </span>
          <span className="adapter-fact">{adapter.halfPrecision ? 'half precision' : 'no half precision'}</span>
          <span className="adapter-fact">{adapter.library} library</span>
        </>
      )}
      {memory === undefined ? null : (
        <span className="adapter-fact">
          {formatBytes(memory.weightsBytes + memory.cacheBytes + memory.workingBytes)} of memory: weights{' '}
          {formatBytes(memory.weightsBytes)}, cache {formatBytes(memory.cacheBytes)}, working{' '}
          {formatBytes(memory.workingBytes)}
        </span>
      )}
      {adapter?.software === true && !isMissing ? (
        <p className="adapter-note">
          No graphics card was found for WebGPU, so the model runs on the processor. Everything works, only slower.
        </p>
      ) : null}
    </footer>
  )
}
