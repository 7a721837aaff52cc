// Models whose declared variant and template disagree, and how a person wants them treated. The rest of the window gets the manifest as it is treated.
import { createStore } from 'zustand/vanilla'
import type { InstalledModel, ModelManifest, PromptTemplate } from '../../shared/model.ts'
import type { Call } from '../ipc.ts'
import type { App } from './app.ts'

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
    /** Treats a model another way from now on: it is loaded anew with that. */
    treatIn: (app: Pick<App, 'models' | 'adopt' | 'select'>) => (model: InstalledModel, treatment: Treatment) => {
      const { chosen, declared } = store.getState()
      if (chosen[model.key] === treatment) return
      store.setState({ chosen: { ...chosen, [model.key]: treatment } })
      const again = (one: InstalledModel) =>
        one.key === model.key ? treated({ ...one, manifest: declared.get(one.key) ?? one.manifest }, treatment) : one
      app.adopt(app.models.getState().installed.map(again))
      void app.select(again(model))
    },
  }
}

/** Models come to the window as they are treated. */
export function treatedCall(call: Call, { apply }: Pick<Treatments, 'apply'>): Call {
  return async (channel, input) => {
    const output = await call(channel, input)
    return channel === 'models.list' ? (apply(output as readonly InstalledModel[]) as typeof output) : output
  }
}
