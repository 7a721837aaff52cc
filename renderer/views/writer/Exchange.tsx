// One instruction and its response.
import { useId } from 'react'
import { useApp, useValue } from '../app.ts'

export function Exchange() {
  const app = useApp()
  const { draft, turns } = useValue(app.writing, (state) => state.instruct)
  const run = useValue(app.writing, (state) => state.run.kind)
  const id = useId()
  const response = turns.at(-1)?.role === 'assistant' ? turns.at(-1)?.text : undefined
  return (
    <div className="surface">
      <div className="exchange">
        <label className="speaker" htmlFor={id}>
          Instruction
        </label>
        <div className="grow">
          <div className="grow-text" aria-hidden="true">
            {`${draft}\u200b`}
          </div>
          <textarea
            id={id}
            className="grow-text"
            placeholder="Tell a story about a dog named Tim."
            spellCheck={false}
            value={draft}
            onChange={(event) => {
              const text = event.currentTarget.value
              app.writing.setState((state) => ({ instruct: { ...state.instruct, draft: text } }))
            }}
          />
        </div>
        <h2 className="speaker">Response</h2>
        <section className="reply" aria-label="Response" aria-busy={run !== 'idle'}>
          {response === undefined ? <p className="empty">Nothing yet.</p> : <p>{response}</p>}
          {run === 'idle' ? null : <span className="pen" aria-hidden="true" />}
        </section>
      </div>
    </div>
  )
}
