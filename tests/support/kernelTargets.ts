// Whose kernels a device runs in the tests. Each of the software adapters takes seconds where the other takes none: SwiftShader to compile loops around
// barriers (portable and half), lavapipe to compile long code without them (software). So each target runs where it is quick, and none is left out.
import { type LibraryTarget, libraryTargets } from '../../shared/compiler/kernels/target.ts'

/** Set by `npm test` where the half tier has lavapipe: what SwiftShader is slow to compile runs there. */
const hasLavapipe = import.meta.env.VITE_LAVAPIPE === '1'

/** A GPU runs everything it can in the browser, in Node what needs half precision; of the software adapters each what it is quick to compile. */
export function kernelTargets(device: GPUDevice): readonly LibraryTarget[] {
  const isSoftwareElsewhere = adapterOf(device) === 'lavapipe'
  const isPortableElsewhere = adapterOf(device) === 'swiftshader' && hasLavapipe
  return runnable(device, {
    portable: isSoftwareElsewhere || (isInBrowser && !isPortableElsewhere),
    software: isInBrowser,
  })
}

/** The same of kernels that hold nothing but one reduction, which SwiftShader compiles sooner than lavapipe. */
export function reductionTargets(device: GPUDevice): readonly LibraryTarget[] {
  return runnable(device, { portable: isInBrowser, software: isInBrowser })
}

const isInBrowser = typeof document !== 'undefined'

/** Half runs wherever the device can; where nothing else would run, portable does. Says what is run. */
function runnable(device: GPUDevice, others: Readonly<Record<'portable' | 'software', boolean>>) {
  const half = device.features.has('shader-f16')
  const chosen = libraryTargets.filter((target) => ({ ...others, half })[target])
  if (chosen.length === 0) chosen.push('portable')
  console.info(`targets run here: ${chosen.join(', ')}`)
  return chosen
}

function adapterOf({ adapterInfo }: GPUDevice): 'swiftshader' | 'lavapipe' | 'other' {
  const name = `${adapterInfo.architecture} ${adapterInfo.description}`
  if (/swiftshader/i.test(name)) return 'swiftshader'
  return /llvmpipe/i.test(name) ? 'lavapipe' : 'other'
}
