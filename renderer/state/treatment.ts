// Models whose declared variant and template disagree, and how a person wants them treated. The rest of the window gets the manifest as it is treated.
import { createStore } from 'zustand/vanilla'
import type { InstalledModel, ModelManifest, PromptTemplate } from '../../shared/model.ts'

export type Treatment = 'base' | 'chat'

/** What does not match in a manifest; null where nothing is odd. */
export type Conflict =
  | { readonly kind: 'base-with-template'; readonly template: string }
  | { readonly kind: 'answers-without-template' }

export function conflictOf({ variant, prompt }: Pick<ModelManifest, 'variant' | 'prompt'>): Conflict | null {
  if (variant === 'base' && prompt.kind === 'turns') return { kind: 'base-with-template', template: prompt.name }
  if (variant !== 'base' && prompt.kind === 'completion') return { kind: 'answers-without-template' }
  return null
}

/** Lines that any model has seen in its texts. */
const plainDialogue: PromptTemplate = {
  kind: 'turns',
  name: 'plain dialogue',
  userPrefix: 'User: ',
  userSuffix: '\n',
  assistantPrefix: 'Assistant:',
  assistantSuffix: '\n',
  singleTurn: false,
  stopStrings: ['\nUser:'],
}

/** Until a person says otherwise a model is what its template can do: with one it answers, without one it continues. */
export function usualTreatment({ prompt }: Pick<ModelManifest, 'prompt'>): Treatment {
  return prompt.kind === 'turns' ? 'chat' : 'base'
}

/** The model as it is treated; models without a conflict are as they are. */
export function treated(model: InstalledModel, treatment: Treatment | null): InstalledModel {
  const { manifest } = model
  if (conflictOf(manifest) === null) return model
  if ((treatment ?? usualTreatment(manifest)) === 'base')
    return { ...model, manifest: { ...manifest, variant: 'base', prompt: { kind: 'completion' } } }
  const variant = manifest.variant === 'base' ? 'chat' : manifest.variant
  const prompt = manifest.prompt.kind === 'turns' ? manifest.prompt : plainDialogue
  return { ...model, manifest: { ...manifest, variant, prompt } }
}

/** What a person chose, by key of the model, and the manifests as they came. */
export interface TreatmentState {
  readonly chosen: Readonly<Record<string, Treatment>>
  readonly declared: ReadonlyMap<string, ModelManifest>
}

export type Treatments = ReturnType<typeof createTreatments>

export function createTreatments(kept: TreatmentState['chosen']) {
  const store = createStore<TreatmentState>()(() => ({ chosen: kept, declared: new Map() }))
  return {
    store,
    /** Models as main lists them, as the window treats them. */
    apply(models: readonly InstalledModel[]): readonly InstalledModel[] {
      const odd = models.filter(({ manifest }) => conflictOf(manifest) !== null)
      const { chosen, declared } = store.getState()
      if (odd.length > 0)
        store.setState({
          declared: new Map([...declared, ...odd.map(({ key, manifest }) => [key, manifest] as const)]),
        })
      return models.map((model) => treated(model, chosen[model.key] ?? null))
    },
    choose(key: string, treatment: Treatment): void {
      store.setState(({ chosen }) => ({ chosen: { ...chosen, [key]: treatment } }))
    },
    /** The same model as it is treated now. */
    again(model: InstalledModel): InstalledModel {
      const { chosen, declared } = store.getState()
      return treated({ ...model, manifest: declared.get(model.key) ?? model.manifest }, chosen[model.key] ?? null)
    },
  }
}
