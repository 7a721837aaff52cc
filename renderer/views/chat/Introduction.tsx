// What this model is, in the words of its manifest, and how it wants to be asked.
import { factText } from '../../words/facts.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'

export function Introduction({ isShort }: { readonly isShort: boolean }) {
  const { models } = useApp()
  const manifest = useValue(models, ({ selected }) => selected?.manifest)
  if (manifest === undefined) return <h1 className="title">Hearth</h1>
  const { variant, title, description, contextTokens } = manifest
  if (isShort) return <h1 className="visually-hidden">{title}</h1>
  return (
    <div className="introduction">
      <h1 className="title">{title}</h1>
      <p className="lead">{factText(description)}</p>
      {/* Of a base model its line says it, also when the text has begun. */}
      {variant === 'base' ? null : (
        <p className="way">
          {variant === 'chat' ? t('chat.way.chat', { tokens: contextTokens }) : t('chat.way.instruct')}
        </p>
      )}
    </div>
  )
}
