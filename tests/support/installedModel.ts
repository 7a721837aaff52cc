// Manifests for tests that need a folder to count as an installed model, whatever its files hold.
import type { ModelManifest, StoredFile } from '../../shared/model.ts'

/** A valid manifest of a model with these files, the first of them standing for all three libraries. */
export function modelManifestOf(id: string, files: readonly StoredFile[]): ModelManifest {
  const library = files[0]?.name ?? 'none'
  return {
    format: 1,
    id,
    title: 'Example',
    family: 'Example',
    variant: 'base',
    description: 'A model that exists for a test.',
    licence: 'CC0-1.0',
    provenance: 'made by a test',
    weightFormat: 'q4f16_1',
    quantization: 'round-to-nearest',
    parameters: 1,
    vocabularySize: 1,
    contextTokens: 1,
    prefillChunkTokens: 1,
    bosTokenId: null,
    stopTokenIds: [],
    prompt: { kind: 'completion' },
    defaults: { temperature: 1, topP: 1 },
    memory: { weightsBytes: 0, cacheBytes: 0, workingBytes: 0 },
    libraries: { portable: library, half: library, software: library },
    files: [...files],
    inputs: [],
  }
}
