// What every kernel that reads weights is run on: shapes that divide nothing, all formats, the targets the device can run.
import type { RowEpilogue } from '../../shared/compiler/kernels/epilogues.ts'
import {
  type LibraryTarget,
  libraryTargets,
  type WeightFormat,
  weightFormats,
} from '../../shared/compiler/kernels/target.ts'
import { activate } from '../reference/activation.ts'

export const linearShapes: readonly { readonly rows: number; readonly columns: number }[] = [
  { rows: 67, columns: 36 },
  { rows: 130, columns: 420 },
]

/** The targets this device runs; prints why one is left out. */
export function targetsOf(device: GPUDevice): readonly LibraryTarget[] {
  if (device.features.has('shader-f16')) return libraryTargets
  console.info('target half left out: the device has no shader-f16')
  return libraryTargets.filter((target) => target !== 'half')
}

/**
 * The table of a device: every target in all formats, except that a device with shader-f16 stands for the half target alone. The others have their
 * turn on the browser's device and in the properties; lavapipe takes over a second to compile each kernel.
 */
export function linearCases(
  device: GPUDevice,
  shapes = linearShapes,
): readonly {
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly rows: number
  readonly columns: number
}[] {
  const targets = targetsOf(device)
  return (targets.includes('half') ? (['half'] as const) : targets).flatMap((target) =>
    weightFormats.flatMap((format) => shapes.map((shape) => ({ target, format, ...shape }))),
  )
}

/** Each target and format of that table once. */
export function targetsAndFormats(
  device: GPUDevice,
): readonly { readonly target: LibraryTarget; readonly format: WeightFormat }[] {
  return linearCases(device, [{ rows: 1, columns: 4 }]).map(({ target, format }) => ({ target, format }))
}

/** Every epilogue that both matrix kernels have. */
export const rowEpilogues: readonly RowEpilogue[] = [
  { kind: 'store', scale: 1 },
  { kind: 'store', scale: -0.125 },
  { kind: 'addResidual', scale: 1 },
  { kind: 'addResidual', scale: 7.5 },
  ...(['silu', 'relu', 'gelu', 'geluTanh'] as const).map((activation) => ({ kind: 'activate', activation }) as const),
]

/** What becomes of a sum y where `before` stood. */
export function rowResult(epilogue: RowEpilogue, y: number, before: number): number {
  if (epilogue.kind === 'activate') return activate(epilogue.activation, y)
  return epilogue.kind === 'store' ? epilogue.scale * y : epilogue.scale * before + y
}

/** Bound of how much an epilogue enlarges an error of its operands: the slope of no activation exceeds 1.13. */
export function rowGrowth(epilogue: RowEpilogue): number {
  return epilogue.kind === 'activate' ? 1.13 : Math.max(1, Math.abs(epilogue.scale))
}

/** Largest error of `actual` in units of its own tolerance: below 1 is right. NaN counts as infinite. */
export function worstError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: ArrayLike<number>,
): number {
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) / (tolerance[i] ?? 0)
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error)
  }
  return worst
}
