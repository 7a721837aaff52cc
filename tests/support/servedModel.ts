// For workers in a test page: once this is imported, the addresses of the store lead to the bundled models of this repository, whose keys are their
// variants here.
import { readRepositoryFile } from './repositoryFile.ts'

const fetchOther = globalThis.fetch.bind(globalThis)

globalThis.fetch = async (request, init) => {
  const address = request instanceof Request ? request.url : String(request)
  const [, key, index] = /^hearth-(?:model|weights):\/\/store\/m\/([a-z]+)\/(\d+)$/.exec(address) ?? []
  if (key === undefined) return fetchOther(request, init)
  const folder = `resources/models/tinystories-15m/${key}`
  const manifest = new TextDecoder().decode(await readRepositoryFile(`${folder}/hearth.json`))
  const { files } = JSON.parse(manifest) as { readonly files: readonly { readonly name: string }[] }
  return new Response(await readRepositoryFile(`${folder}/${files[Number(index)]?.name ?? ''}`))
}
