// The KV state: what web-llm tells about the conversation, and the GPU memory of the plan, sized by it and allocated once. A KV cache and a recurrent
// state of one library are one object: positions advance in one place, however often a pass is begun and ended.
import { isNumber, numberOf, objectOf, objectOfType, setObject } from './any.ts'
import { arrayItem, makeArray } from './containers.ts'
import { currentState, setCurrentState } from './current.ts'
import { copyToGpu } from './device.ts'
import { fail, outOfMemory, raise, say, sayBytes, sayNumber } from './error.ts'
import {
  constantAt,
  constantData,
  constantSize,
  constantsInPlan,
  mostPositions,
  recurrentChunk,
  slotAt,
  slotCount,
  slotName,
  slotsInPlan,
  stateHybrid,
  stateKind,
  stateRecurrent,
  textAddress,
  textSize,
} from './image.ts'
import {
  anyBytes,
  deviceWebGpu,
  shapeData,
  shapeLength,
  stateCapacity,
  stateChunk,
  stateMost,
  stateObjectBytes,
  statePosition,
  stateSink,
  stateSliding,
  stateStorages,
  stateTokens,
  stateWindow,
  storageHandle,
  typeShape,
  typeState,
  typeStorage,
} from './layout.ts'
import { keep, letGo, makeObject } from './object.ts'
import { makeStorage } from './tensor.ts'
import { evaluate, readVariables } from './variables.ts'

const noWindow: i32 = 2147483647
const rowsPerBlock: i32 = 16
const values: usize = memory.data(15 * 8, 8)

/** The storage of a slot of the current state. */
export function slotStorage(index: u32): usize {
  return objectOf(arrayItem(<usize>load<u32>(currentState() + stateStorages), <i32>index))
}

export function constantStorage(index: u32): usize {
  return slotStorage(<u32>slotsInPlan() + index)
}

/** `create_tir_paged_kv_cache(sequences, most tokens, chunk, page size, sliding)`, each a shape of one number. */
export function createState(args: usize, count: i32, result: usize): i32 {
  if (stateKind() === stateRecurrent)
    return raise('create_tir_paged_kv_cache: this library has a recurrent state and no KV cache')
  if (!areSizes(args, count, 5)) return raise('create_tir_paged_kv_cache: expected five shapes of one number')
  if (currentState() !== 0) return raise('create_tir_paged_kv_cache: this library has a KV cache already')
  const most = sizeAt(args, 1)
  const chunk = sizeAt(args, 2)
  if (sizeAt(args, 0) !== 1) return raise('create_tir_paged_kv_cache: one sequence at a time')
  if (most < 1 || chunk < 1 || most + chunk > 1073741824) {
    say('create_tir_paged_kv_cache: no cache for ')
    sayNumber(<f64>most)
    say(' tokens in chunks of ')
    sayNumber(<f64>chunk)
    return fail()
  }
  const sliding = sizeAt(args, 4) !== 0
  const rows = <i32>(sliding ? most + chunk : most)
  const capacity = ((rows + rowsPerBlock - 1) / rowsPerBlock) * rowsPerBlock
  return makeState(<i32>most, <i32>chunk, capacity, sliding, result)
}

/** `create_rnn_state(sequences, history)`, each a shape of one number. Nothing is ever rolled back, so one state is all the history there is. */
export function createRecurrentState(args: usize, count: i32, result: usize): i32 {
  const kind = stateKind()
  if (kind !== stateRecurrent && kind !== stateHybrid)
    return raise('create_rnn_state: this library has a KV cache and no recurrent state')
  if (!areSizes(args, count, 2)) return raise('create_rnn_state: expected two shapes of one number')
  if (sizeAt(args, 0) !== 1) return raise('create_rnn_state: one sequence at a time')
  if (sizeAt(args, 1) < 1) return raise('create_rnn_state: a history of less than one state')
  const state = currentState()
  if (kind === stateHybrid) {
    if (state === 0) return raise('create_rnn_state: called before create_tir_paged_kv_cache')
    keep(state)
    setObject(result, typeState, state)
    return 0
  }
  if (state !== 0) return raise('create_rnn_state: this library has a recurrent state already')
  return makeState(mostPositions(), recurrentChunk(), 0, false, result)
}

function makeState(most: i32, chunk: i32, capacity: i32, sliding: bool, result: usize): i32 {
  const state = makeObject(typeState, stateObjectBytes)
  if (state === 0) return outOfMemory()
  store<i32>(state + stateMost, most)
  store<i32>(state + stateChunk, chunk)
  store<i32>(state + stateCapacity, capacity)
  store<i32>(state + stateSliding, sliding ? 1 : 0)
  clear(state)
  setCurrentState(state)
  if (allocateStorages(state) !== 0) {
    letGo(state)
    return -1
  }
  setObject(result, typeState, state)
  return 0
}

/** `vm.builtin.kv_state_clear`: an empty conversation. Cache rows are left as they are: nothing reads beyond the position. */
export function clearState(args: usize, count: i32): i32 {
  const state = stateOf(args, count, 'kv_state_clear')
  if (state === 0) return -1
  clear(state)
  return 0
}

/** `vm.builtin.kv_state_add_sequence` and `kv_state_remove_sequence`: sequence 0 is always there. */
export function checkSequence(args: usize, count: i32): i32 {
  const state = stateOf(args, count, 'kv_state_add_sequence')
  if (state === 0) return -1
  if (count !== 2 || !isNumber(args + anyBytes) || numberOf(args + anyBytes) !== 0)
    return raise('the only sequence is 0')
  return 0
}

/** `vm.builtin.attention_kv_cache_enable_sliding_window_for_seq(state, sequence, window, sink)`. */
export function enableWindow(args: usize, count: i32): i32 {
  const state = stateOf(args, count, 'enable_sliding_window_for_seq')
  if (state === 0) return -1
  if (count !== 4) return raise('enable_sliding_window_for_seq: expected a state and three numbers')
  for (let index: usize = 1; index < 4; index++) {
    if (!isNumber(args + index * anyBytes)) return raise('enable_sliding_window_for_seq: expected numbers')
  }
  const window = numberOf(args + 2 * anyBytes)
  const sink = numberOf(args + 3 * anyBytes)
  if (load<i32>(state + stateSliding) === 0) return raise('this KV cache was created without a sliding window')
  if (load<i32>(state + statePosition) !== 0) return raise('the window of a KV cache that holds tokens stays as it is')
  const most = <f64>load<i32>(state + stateMost)
  if (!(window >= 1 && window <= most && sink >= 0 && sink < window)) {
    say('a window of ')
    sayNumber(window)
    say(' tokens with a sink of ')
    sayNumber(sink)
    say(' does not fit a cache for ')
    sayNumber(most)
    return fail()
  }
  store<i32>(state + stateWindow, <i32>window)
  store<i32>(state + stateSink, <i32>sink)
  return 0
}

/** `vm.builtin.kv_state_begin_forward(state, [0], [tokens])`: the next forward pass appends so many tokens. */
export function beginForward(args: usize, count: i32): i32 {
  const state = stateOf(args, count, 'kv_state_begin_forward')
  if (state === 0) return -1
  const lengths = count === 3 ? objectOfType(args + 2 * anyBytes, typeShape) : 0
  if (lengths === 0 || load<i32>(lengths + shapeLength) !== 1)
    return raise('kv_state_begin_forward: expected the length of one sequence')
  const tokens = load<i64>(<usize>load<u32>(lengths + shapeData))
  const position = <i64>load<i32>(state + statePosition)
  const chunk = <i64>load<i32>(state + stateChunk)
  if (tokens < 1 || tokens > chunk) {
    say('a forward pass of ')
    sayNumber(<f64>tokens)
    say(' tokens; this library takes 1 to ')
    sayNumber(<f64>chunk)
    return fail()
  }
  const sliding = load<i32>(state + stateSliding) !== 0
  const positions = <i64>mostPositions()
  const most = sliding ? positions : min(positions, <i64>load<i32>(state + stateMost))
  if (position + tokens > most) {
    say('the context is full: after ')
    sayNumber(<f64>position)
    say(' tokens ')
    sayNumber(<f64>tokens)
    say(' more exceed ')
    sayNumber(<f64>most)
    return fail()
  }
  store<i32>(state + stateTokens, <i32>tokens)
  return 0
}

/** `vm.builtin.kv_state_end_forward(state)`: the tokens are kept. */
export function endForward(args: usize, count: i32): i32 {
  const state = stateOf(args, count, 'kv_state_end_forward')
  if (state === 0) return -1
  store<i32>(state + statePosition, load<i32>(state + statePosition) + load<i32>(state + stateTokens))
  store<i32>(state + stateTokens, 0)
  return 0
}

/** The state among the arguments, in first place; 0 with an error. */
export function stateOf(args: usize, count: i32, caller: string): usize {
  const state = count > 0 ? objectOfType(args, typeState) : 0
  if (state === 0) {
    say(caller)
    raise(': expected a KV state first')
  }
  return state
}

function clear(state: usize): void {
  const sliding = load<i32>(state + stateSliding) !== 0
  store<i32>(state + stateWindow, sliding ? load<i32>(state + stateMost) : noWindow)
  store<i32>(state + stateSink, 0)
  store<i32>(state + statePosition, 0)
  store<i32>(state + stateTokens, 0)
}

/** `wanted` arguments, each a shape of one number. */
function areSizes(args: usize, count: i32, wanted: i32): bool {
  if (count !== wanted) return false
  for (let index = 0; index < wanted; index++) {
    const shape = objectOfType(args + <usize>index * anyBytes, typeShape)
    if (shape === 0 || load<i32>(shape + shapeLength) !== 1) return false
  }
  return true
}

function sizeAt(args: usize, index: usize): i64 {
  return load<i64>(<usize>load<u32>(objectOf(args + index * anyBytes) + shapeData))
}

function allocateStorages(state: usize): i32 {
  const slots = slotsInPlan()
  const constants = constantsInPlan()
  const storages = makeArray(slots + constants)
  if (storages === 0) return -1
  store<u32>(state + stateStorages, <u32>storages)
  readVariables(values)
  for (let index = 0; index < slots; index++) {
    const entry = slotAt(<u32>index)
    const bytes = evaluate(values, load<u32>(entry + slotCount))
    if (!(bytes >= 0)) {
      say('slot ')
      sayBytes(textAddress(entry + slotName), textSize(entry + slotName))
      return raise(' has a negative size')
    }
    const storage = makeStorage(deviceWebGpu, bytes)
    if (storage === 0) return -1
    setObject(arrayItem(storages, index), typeStorage, storage)
  }
  for (let index = 0; index < constants; index++) {
    const entry = constantAt(<u32>index)
    const bytes = <f64>load<u32>(entry + constantSize)
    const storage = makeStorage(deviceWebGpu, bytes)
    if (storage === 0) return -1
    setObject(arrayItem(storages, slots + index), typeStorage, storage)
    if (copyToGpu(<usize>load<u32>(entry + constantData), load<u32>(storage + storageHandle), 0, bytes) !== 0) return -1
  }
  return 0
}
