// GPU buffers by size class: four classes per power of two, from 64 bytes to 1 MiB. A storage that dies keeps its buffer and waits in its class, so in
// the steady state no buffer is made or destroyed. Larger ones (weights, cache) have their exact size and are destroyed with their storage.
import { allocateBuffer, freeBuffer } from './device.ts'
import { storageClass, storageHandle, storageNext } from './layout.ts'
import { release } from './memory.ts'

export const unpooled: i32 = -1
/** Kernels bind vec4 elements: no buffer is smaller than a few of them. */
const smallestBytes: f64 = 64
const largestPooledBytes: f64 = 1048576
const classes: usize = memory.data(52 * 4, 8)
let waiting: i32 = 0

/** Storages waiting in the pool. */
export function pooledStorages(): i32 {
  return waiting
}

/** 0..3: multiples of 64 up to 256; then four steps per power of two. */
export function classOf(bytes: f64): i32 {
  if (bytes > largestPooledBytes) return unpooled
  const size = <u32>max(bytes, smallestBytes)
  if (size <= 256) return <i32>((size + 63) / 64) - 1
  const exponent = 31 - clz(size - 1)
  const step = (<u32>1) << (exponent - 2)
  const steps = (size - ((<u32>1) << exponent) + step - 1) / step
  return <i32>((exponent - 8) * 4 + 3 + steps)
}

export function classBytes(sizeClass: i32): f64 {
  if (sizeClass < 4) return <f64>((sizeClass + 1) * 64)
  const exponent = <u32>((sizeClass - 4) / 4 + 8)
  const steps = <u32>(((sizeClass - 4) % 4) + 1)
  return <f64>(((<u32>1) << exponent) + steps * ((<u32>1) << (exponent - 2)))
}

/** A waiting storage of the class, or 0. */
export function takeStorage(sizeClass: i32): usize {
  if (sizeClass === unpooled) return 0
  const list = classes + ((<usize>sizeClass) << 2)
  const storage = <usize>load<u32>(list)
  if (storage === 0) return 0
  store<u32>(list, load<u32>(storage + storageNext))
  waiting--
  return storage
}

/** A buffer for a new storage; 0 with an error. */
export function makeBuffer(sizeClass: i32, bytes: f64): u32 {
  return allocateBuffer(sizeClass === unpooled ? Math.ceil(bytes / 16) * 16 : classBytes(sizeClass))
}

/** Called with a GPU storage nobody refers to any more. */
export function retireStorage(storage: usize): void {
  const sizeClass = load<i32>(storage + storageClass)
  if (sizeClass === unpooled) {
    freeBuffer(load<u32>(storage + storageHandle))
    release(storage)
    return
  }
  const list = classes + ((<usize>sizeClass) << 2)
  store<u32>(storage + storageNext, load<u32>(list))
  store<u32>(list, <u32>storage)
  waiting++
}
