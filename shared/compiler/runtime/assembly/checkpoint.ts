// Checkpoints of a conversation, for generation that resumes after a restart: the cache slots (those named `cache.`), each one group, copied whole.
import { isNumber, numberOf, objectOfType, setNumber, setObject, typeOf } from './any.ts'
import { makeText } from './containers.ts'
import { copyWithinGpu } from './device.ts'
import { fail, outOfMemory, raise, say, sayNumber } from './error.ts'
import { slotAt, slotName, slotsInPlan, stateCache, stateKind, textAddress, textSize } from './image.ts'
import {
  anyBytes,
  anyValue,
  stateMost,
  statePosition,
  stateSliding,
  stateTokens,
  storageHandle,
  storageSize,
  tensorData,
  typeRawStr,
  typeStr,
  typeTensor,
} from './layout.ts'
import { allocate, release } from './memory.ts'
import { slotStorage, stateOf } from './state.ts'
import { byteOffset, isOnGpu, tensorSize } from './tensor.ts'
import { characterOf, isText, textLength } from './text.ts'

const groupTextBytes: usize = 128
const prefixLength: i32 = 6
let cursor: usize = 0
/** Tokens of the checkpoint being imported; -1 outside an import. */
let importing: i32 = -1

/** `get_checkpoint_metadata(state, sequence)`: JSON, one group per cache slot as 32-bit words. */
export function checkpointMetadata(args: usize, count: i32, result: usize): i32 {
  const state = sequenceState(args, count, 2)
  if (state === 0) return -1
  const slots = slotsInPlan()
  const text = allocate(<usize>(slots + 1) * groupTextBytes)
  if (text === 0) return outOfMemory()
  cursor = text
  put('{"seq_length":')
  putNumber(<f64>load<i32>(state + statePosition))
  put(',"page_size":16,"groups":[')
  let group = 0
  for (let slot = 0; slot < slots; slot++) {
    if (!isCache(slot)) continue
    put(group === 0 ? '{"group_index":' : ',{"group_index":')
    putNumber(<f64>group)
    put(',"layer_begin":')
    putNumber(<f64>group)
    put(',"layer_end":')
    putNumber(<f64>(group + 1))
    put(',"shape":[')
    putNumber(Math.ceil(load<f64>(slotStorage(<u32>slot) + storageSize) / 4))
    put('],"dtype":"uint32"}')
    group++
  }
  put(']}')
  const object = makeText(typeStr, text, <i32>(cursor - text))
  release(text)
  if (object === 0) return -1
  setObject(result, typeStr, object)
  return 0
}

/** `export_page_group(state, sequence, group, tensor)`: the group into a tensor on the GPU. */
export function exportGroup(args: usize, count: i32): i32 {
  return copyGroup(args, count, true)
}

/** `prepare_import(state, sequence, metadata)`: the conversation is empty until finish_import. */
export function prepareImport(args: usize, count: i32): i32 {
  const state = sequenceState(args, count, 3)
  if (state === 0) return -1
  if (typeOf(args + 2 * anyBytes) !== typeRawStr) return raise('prepare_import: expected metadata')
  const tokens = tokensIn(<usize>load<u32>(args + 2 * anyBytes + anyValue))
  const most = load<i32>(state + stateSliding) !== 0 ? 2147483646 : load<i32>(state + stateMost)
  if (tokens < 0 || tokens > most) {
    say('prepare_import: a checkpoint of ')
    sayNumber(<f64>tokens)
    return raise(' tokens does not fit this cache')
  }
  store<i32>(state + statePosition, 0)
  store<i32>(state + stateTokens, 0)
  importing = tokens
  return 0
}

/** `import_page_group(state, sequence, group, tensor)`. */
export function importGroup(args: usize, count: i32): i32 {
  if (importing < 0) return raise('import_page_group: called before prepare_import')
  return copyGroup(args, count, false)
}

/** `finish_import(state, sequence)`: the imported tokens count from now on. */
export function finishImport(args: usize, count: i32): i32 {
  const state = sequenceState(args, count, 2)
  if (state === 0) return -1
  if (importing < 0) return raise('finish_import: called before prepare_import')
  store<i32>(state + statePosition, importing)
  importing = -1
  return 0
}

/** `get_sequence_length(state, sequence)`. */
export function sequenceLength(args: usize, count: i32, result: usize): i32 {
  const state = sequenceState(args, count, 2)
  if (state === 0) return -1
  setNumber(result, <f64>load<i32>(state + statePosition))
  return 0
}

function copyGroup(args: usize, count: i32, outward: bool): i32 {
  if (sequenceState(args, count, 4) === 0) return -1
  const tensor = objectOfType(args + 3 * anyBytes, typeTensor)
  const slot = isNumber(args + 2 * anyBytes) ? slotOfGroup(<i32>numberOf(args + 2 * anyBytes)) : -1
  if (tensor === 0 || !isOnGpu(tensor) || slot < 0) return raise('checkpoint: expected a group and a tensor on the GPU')
  const storage = slotStorage(<u32>slot)
  const bytes = Math.ceil(load<f64>(storage + storageSize) / 4) * 4
  if (tensorSize(tensor) !== bytes) {
    say('checkpoint: a group of ')
    sayNumber(bytes)
    say(' bytes, a tensor of ')
    sayNumber(tensorSize(tensor))
    return fail()
  }
  const buffer = load<u32>(storage + storageHandle)
  const other = load<u32>(tensor + tensorData)
  if (outward) return copyWithinGpu(buffer, 0, other, byteOffset(tensor), bytes)
  return copyWithinGpu(other, byteOffset(tensor), buffer, 0, bytes)
}

/** The state when the call names sequence 0; 0 with an error. */
function sequenceState(args: usize, count: i32, wanted: i32): usize {
  const state = stateOf(args, count, 'checkpoint')
  if (state === 0) return 0
  if (stateKind() !== stateCache) {
    raise('checkpoint: this library has a recurrent state')
    return 0
  }
  if (count !== wanted || !isNumber(args + anyBytes) || numberOf(args + anyBytes) !== 0) {
    raise('checkpoint: the only sequence is 0')
    return 0
  }
  return state
}

function isCache(slot: i32): bool {
  const name = slotAt(<u32>slot) + slotName
  return textSize(name) > prefixLength && isText('cache.', textAddress(name), prefixLength)
}

function slotOfGroup(group: i32): i32 {
  const slots = slotsInPlan()
  let rest = group
  for (let slot = 0; slot < slots; slot++) {
    if (isCache(slot) && rest-- === 0) return slot
  }
  return -1
}

/** The number behind "seq_length": in the metadata; -1 without one. */
function tokensIn(text: usize): i32 {
  const key = '"seq_length":'
  const length = textLength(text)
  for (let start = 0; start + key.length < length; start++) {
    if (!isText(key, text + <usize>start, key.length)) continue
    let tokens: i64 = -1
    for (let index = start + key.length; index < length; index++) {
      const digit = <i32>load<u8>(text + <usize>index) - 0x30
      if (digit < 0 || digit > 9) break
      tokens = min(max(tokens, 0) * 10 + <i64>digit, 2147483647)
    }
    return <i32>tokens
  }
  return -1
}

function put(text: string): void {
  for (let index = 0; index < text.length; index++) store<u8>(cursor++, <u8>characterOf(text, index))
}

function putNumber(value: f64): void {
  let unit: f64 = 1
  while (unit * 10 <= value) unit *= 10
  let rest = value
  while (unit >= 1) {
    const digit = Math.floor(rest / unit)
    store<u8>(cursor++, 0x30 + <u8>digit)
    rest -= digit * unit
    unit = Math.floor(unit / 10)
  }
}
