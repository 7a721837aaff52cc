// The heap: blocks of powers of two with one free list per size. Nothing is ever given back to the host, so a model that has run once runs on for ever
// in the memory it has.
//
//   block   0 u32 class (log2 of the block's bytes)   4 u32 mark   8 content, 8-aligned

const headerBytes: usize = 8
const smallestClass: u32 = 4
const largestBytes: usize = 0x3ffffff0
/** Addresses stay positive as i32. */
const memoryLimit: usize = 0x7fff0000
const liveMark: u32 = 0x6c697665
const freeMark: u32 = 0x66726565

const freeLists: usize = memory.data(32 * 4, 8)
let heapTop: usize = 0
let blocks: i32 = 0

/** Address of `bytes` bytes, 8-aligned, not cleared; 0 when there is no memory left. */
export function allocate(bytes: usize): usize {
  if (bytes > largestBytes) return 0
  let sizeClass: u32 = 32 - clz(<u32>(bytes + headerBytes - 1))
  if (sizeClass < smallestClass) sizeClass = smallestClass
  const list = freeLists + ((<usize>sizeClass) << 2)
  let block = load<usize>(list)
  if (block !== 0) store<usize>(list, load<usize>(block + headerBytes))
  else block = extend((<usize>1) << (<usize>sizeClass))
  if (block === 0) return 0
  store<u32>(block, sizeClass)
  store<u32>(block + 4, liveMark)
  blocks++
  return block + headerBytes
}

/** Frees what allocate returned. Anything else is a broken caller and traps. */
export function release(address: usize): void {
  const block = address - headerBytes
  if (load<u32>(block + 4) !== liveMark) unreachable()
  store<u32>(block + 4, freeMark)
  const list = freeLists + ((<usize>load<u32>(block)) << 2)
  store<usize>(address, load<usize>(list))
  store<usize>(list, block)
  blocks--
}

/** Blocks handed out and not yet freed. */
export function liveBlocks(): i32 {
  return blocks
}

function extend(bytes: usize): usize {
  if (heapTop === 0) heapTop = (__heap_base + 7) & ~(<usize>7)
  const end = heapTop + bytes
  if (end > memoryLimit) return 0
  const present = (<usize>memory.size()) << 16
  if (end > present && memory.grow(<i32>((end - present + 0xffff) >> 16)) < 0) return 0
  const block = heapTop
  heapTop = end
  return block
}
