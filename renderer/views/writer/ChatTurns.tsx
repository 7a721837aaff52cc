// The conversation and the message being written. Enter sends, Shift+Enter starts a new line.
import { useEffect, useId, useRef } from 'react'
import { continueWriting } from '../../commands/continueWriting.ts'
import { useApp, useValue } from '../app.ts'

export function ChatTurns() {
  const app = useApp()
  const { draft, turns } = useValue(app.writing, (state) => state.chat)
  const isIdle = useValue(app.writing, (state) => state.run.kind === 'idle')
  const surface = useRef<HTMLDivElement>(null)
  const id = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece of text scrolls
  useEffect(() => {
    surface.current?.scrollTo({ top: surface.current.scrollHeight })
  }, [turns])
  return (
    <div className="surface" ref={surface}>
      <ol className="turns" aria-label="Conversation" aria-busy={!isIdle}>
        {turns.map(({ role, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added and removed at the end
          <li key={index} className={`turn turn-${role}`}>
            <span className="speaker">{role === 'user' ? 'You' : 'Model'}</span>
            <p>
              {text}
              {isIdle || index < turns.length - 1 ? null : <span className="pen" aria-hidden="true" />}
            </p>
          </li>
        ))}
      </ol>
      <div className="composer">
        <label className="speaker" htmlFor={id}>
          Your message
        </label>
        <div className="grow">
          <div className="grow-text" aria-hidden="true">
            {`${draft}\u200b`}
          </div>
          <textarea
            id={id}
            className="grow-text"
            placeholder="Say something about a story."
            spellCheck={false}
            value={draft}
            onChange={(event) => {
              const text = event.currentTarget.value
              app.writing.setState((state) => ({ chat: { ...state.chat, draft: text } }))
            }}
            onKeyDown={(event) => {
              const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey
              if (event.key !== 'Enter' || !plain || event.nativeEvent.isComposing) return
              event.preventDefault()
              if (continueWriting.isEnabled(app)) continueWriting.run(app)
            }}
          />
        </div>
      </div>
    </div>
  )
}
