// Builds the model library runtime from AssemblyScript: `node shared/compiler/runtime/build.mjs` writes resources/runtime/hearth-runtime.wasm.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'
import { imageWindow } from '../library/image.ts'

const sources = new URL('assembly/', import.meta.url)
export const runtimePath = fileURLToPath(new URL('../../../resources/runtime/hearth-runtime.wasm', import.meta.url))

/**
 * Compiles the runtime in memory. The image of a plan goes into the window below the runtime's own data.
 * @returns {Promise<Uint8Array>}
 */
export async function buildRuntime() {
  /** @type {Uint8Array | undefined} */
  let binary
  const { error, stderr } = await main(
    [
      'abi.ts',
      '--outFile',
      'runtime.wasm',
      '--runtime',
      'stub',
      '--exportStart',
      '_initialize',
      '--memoryBase',
      String(imageWindow.end),
      '--initialMemory',
      String(imageWindow.end / 65_536 + 4),
      '--optimizeLevel',
      '3',
      '--shrinkLevel',
      '1',
      '--converge',
      '--noAssert',
      '--use',
      'abort=',
    ],
    {
      readFile: async (name) => {
        try {
          return await readFile(new URL(basename(name), sources), 'utf8')
        } catch {
          return null
        }
      },
      writeFile: (name, contents) => {
        if (name === 'runtime.wasm') binary = /** @type {Uint8Array} */ (contents)
      },
      listFiles: () => [],
    },
  )
  if (error || binary === undefined)
    throw new Error(`the runtime does not compile:\n${stderr.toString()}`, { cause: error })
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = await buildRuntime()
  await mkdir(dirname(runtimePath), { recursive: true })
  await writeFile(runtimePath, binary)
  console.log(`${runtimePath}: ${binary.length} bytes`)
}
