// What this model is, in the words of its manifest, and how it wants to be asked.
import type { ModelManifest, Variant } from '../../../shared/model.ts'
import { useApp, useValue } from '../app.ts'

const ways: Readonly<Record<Variant, (manifest: ModelManifest) => string>> = {
  base: () => 'It does not answer: write a beginning, and it goes on from there.',
  instruct: () => 'One instruction, one response. It remembers nothing from one to the next.',
  chat: ({ contextTokens }) =>
    `You take turns. It remembers as much of the conversation as fits in ${contextTokens} tokens.`,
}

export function Introduction() {
  const { models } = useApp()
  const manifest = useValue(models, ({ selected }) => selected?.manifest)
  if (manifest === undefined) return <h1 className="title">Hearth</h1>
  return (
    <div className="introduction">
      <h1 className="title">{manifest.title}</h1>
      <p className="lead">{manifest.description}</p>
      <p className="way">{ways[manifest.variant](manifest)}</p>
    </div>
  )
}
