// Run as a process of its own: compiles a folder and stops for good in the middle of the weights, so that a test can kill it there.
import { compileFolder } from '../../electron/services/compile.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { noLibrary } from './noLibrary.ts'

const [input = '', output = ''] = process.argv.slice(2)
let blocks = 0
await compileFolder(
  {
    input,
    output,
    runtime: new Uint8Array(),
    makeLibrary: noLibrary,
    options: {
      format: 'q4f16_1',
      description: { id: 'test/killed' },
      quantizer: {
        ...roundToNearest,
        quantizeRows: (block) => {
          if (++blocks === 6) {
            process.stdout.write('in the middle\n')
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
          }
          return roundToNearest.quantizeRows(block)
        },
      },
    },
  },
  new AbortController().signal,
)
