// The global functions web-llm looks up by name, in the order of the ABI: run-time context, pipeline, checkpoints.
import { isNumber, numberOf, objectOf, objectOfType, setNumber, typeOf } from './any.ts'
import {
  checkpointMetadata,
  exportGroup,
  finishImport,
  importGroup,
  prepareImport,
  sequenceLength,
} from './checkpoint.ts'
import { arrayItem, arrayOf, concatArrays, own, shapeOf } from './containers.ts'
import { fail, raise, say } from './error.ts'
import { anyBytes, anyValue, arrayLength, typeArray, typeDevice, typeRawStr, typeShape, typeTensor } from './layout.ts'
import { moduleFunction, systemLibrary } from './module.ts'
import { clearCache, paramModule, readCache, removeFromCache, updateCache } from './params.ts'
import { beginForward, checkSequence, clearState, enableWindow, endForward } from './state.ts'
import { allocateTensor, copyTensor, dtypeOf, viewTensor } from './tensor.ts'
import { isText, textLength } from './text.ts'
import { concatEmbeddings, copyFromBytes, copyToBytes, decodeInPlace, decodeStorage } from './transfer.ts'

const globals: i32 = 40
/** From here on: looked up, never called for text models. */
const firstUnused: i32 = 32

function nameOf(index: i32): string {
  switch (index) {
    case 0:
      return 'ffi.ModuleGetFunction'
    case 1:
      return 'runtime.TVMTensorAllocWithScope'
    case 2:
      return 'runtime.TVMTensorCopyFromTo'
    case 3:
      return 'tvmjs.runtime.TensorCopyFromBytes'
    case 4:
      return 'tvmjs.runtime.TensorCopyToBytes'
    case 5:
      return 'ffi.ArrayGetItem'
    case 6:
      return 'ffi.ArraySize'
    case 7:
      return 'ffi.Array'
    case 8:
      return 'tvmjs.runtime.ArrayConcat'
    case 9:
      return 'ffi.SystemLib'
    case 10:
      return 'vm.builtin.tensor_cache.get'
    case 11:
      return 'vm.builtin.tensor_cache.remove'
    case 12:
      return 'vm.builtin.tensor_cache.update'
    case 13:
      return 'vm.builtin.tensor_cache.clear'
    case 14:
      return 'tvmjs.array.decode_storage'
    case 15:
      return 'vm.builtin.param_module_from_cache_by_name'
    case 16:
      return 'ffi.Shape'
    case 17:
      return 'runtime.TVMTensorCreateView'
    case 18:
      return 'tvmjs.runtime.ConcatEmbeddings'
    case 19:
      return 'tvmjs.array.decode_bf16_to_f32_inplace'
    case 20:
      return 'vm.builtin.kv_state_clear'
    case 21:
      return 'vm.builtin.kv_state_add_sequence'
    case 22:
      return 'vm.builtin.kv_state_remove_sequence'
    case 23:
      return 'vm.builtin.kv_state_begin_forward'
    case 24:
      return 'vm.builtin.kv_state_end_forward'
    case 25:
      return 'vm.builtin.attention_kv_cache_enable_sliding_window_for_seq'
    case 26:
      return 'vm.builtin.attention_kv_cache_get_checkpoint_metadata'
    case 27:
      return 'vm.builtin.attention_kv_cache_export_page_group'
    case 28:
      return 'vm.builtin.attention_kv_cache_prepare_import'
    case 29:
      return 'vm.builtin.attention_kv_cache_import_page_group'
    case 30:
      return 'vm.builtin.attention_kv_cache_finish_import'
    case 31:
      return 'vm.builtin.attention_kv_cache_get_sequence_length'
    case 32:
      return 'ffi.FunctionListGlobalNamesFunctor'
    case 33:
      return 'ffi.ModuleImportModule'
    case 34:
      return 'vm.builtin.param_module_from_cache'
    case 35:
      return 'vm.builtin.sample_top_p_from_logits'
    case 36:
      return 'vm.builtin.sample_top_p_from_prob'
    case 37:
      return 'vm.builtin.apply_repetition_penalty'
    case 38:
      return 'vm.builtin.apply_presence_and_frequency_penalty'
    default:
      return 'vm.builtin.apply_softmax_with_temperature'
  }
}

/** Index of the global function, -1 without one. */
export function findGlobal(name: usize, length: i32): i32 {
  for (let index = 0; index < globals; index++) {
    if (isText(nameOf(index), name, length)) return index
  }
  return -1
}

export function callGlobal(index: i32, args: usize, count: i32, result: usize): i32 {
  if (index >= firstUnused) {
    say(nameOf(index))
    say(': not part of this library, which samples on the GPU')
    return fail()
  }
  switch (index) {
    case 0:
      return moduleFunction(args, count, result)
    case 1:
      return allocateFrom(args, count, result)
    case 2:
      return copyBetween(args, count)
    case 3:
      return copyFromBytes(args, count)
    case 4:
      return copyToBytes(args, count, result)
    case 5:
      return itemOf(args, count, result)
    case 6:
      return sizeOf(args, count, result)
    case 7:
      return arrayOf(args, count, result)
    case 8:
      return concatArrays(args, count, result)
    case 9:
      return systemLibrary(result)
    case 10:
    case 11:
    case 12:
      return callCache(index, args, count, result)
    case 13:
      return clearCache()
    case 14:
      return decodeStorage(args, count)
    case 15:
      return paramModule(args, count, result)
    case 16:
      return shapeOf(args, count, result)
    case 17:
      return viewOf(args, count, result)
    case 18:
      return concatEmbeddings(args, count, result)
    case 19:
      return decodeInPlace(args, count)
    case 20:
      return clearState(args, count)
    case 21:
    case 22:
      return checkSequence(args, count)
    case 23:
      return beginForward(args, count)
    case 24:
      return endForward(args, count)
    case 25:
      return enableWindow(args, count)
    case 26:
      return checkpointMetadata(args, count, result)
    case 27:
      return exportGroup(args, count)
    case 28:
      return prepareImport(args, count)
    case 29:
      return importGroup(args, count)
    case 30:
      return finishImport(args, count)
    default:
      return sequenceLength(args, count, result)
  }
}

/** (shape, dtype, device, nothing) */
function allocateFrom(args: usize, count: i32, result: usize): i32 {
  const shape = count >= 3 ? objectOfType(args, typeShape) : 0
  if (shape === 0 || typeOf(args + anyBytes) !== typeRawStr || typeOf(args + 2 * anyBytes) !== typeDevice) {
    return raise('TVMTensorAllocWithScope: expected a shape, a dtype and a device')
  }
  const dtype = dtypeAt(args + anyBytes)
  return dtype === 0 ? -1 : allocateTensor(shape, dtype, load<i32>(args + 2 * anyBytes + anyValue), result)
}

/** (tensor, shape, dtype, byte offset) */
function viewOf(args: usize, count: i32, result: usize): i32 {
  const tensor = count === 4 ? objectOfType(args, typeTensor) : 0
  const shape = count === 4 ? objectOfType(args + anyBytes, typeShape) : 0
  if (tensor === 0 || shape === 0 || typeOf(args + 2 * anyBytes) !== typeRawStr || !isNumber(args + 3 * anyBytes)) {
    return raise('TVMTensorCreateView: expected a tensor, a shape, a dtype and an offset')
  }
  const dtype = dtypeAt(args + 2 * anyBytes)
  return dtype === 0 ? -1 : viewTensor(tensor, shape, dtype, numberOf(args + 3 * anyBytes), result)
}

function copyBetween(args: usize, count: i32): i32 {
  const from = count === 2 ? objectOfType(args, typeTensor) : 0
  const to = count === 2 ? objectOfType(args + anyBytes, typeTensor) : 0
  if (from === 0 || to === 0) return raise('TVMTensorCopyFromTo: expected two tensors')
  return copyTensor(from, to)
}

function itemOf(args: usize, count: i32, result: usize): i32 {
  const array = count === 2 ? objectOfType(args, typeArray) : 0
  if (array === 0 || !isNumber(args + anyBytes)) return raise('ffi.ArrayGetItem: expected an array and an index')
  const index = numberOf(args + anyBytes)
  if (!(index >= 0 && index < <f64>load<i32>(array + arrayLength)))
    return raise('ffi.ArrayGetItem: the index is out of range')
  return own(arrayItem(array, <i32>index), result)
}

function sizeOf(args: usize, count: i32, result: usize): i32 {
  if (count !== 1 || typeOf(args) !== typeArray) return raise('ffi.ArraySize: expected an array')
  setNumber(result, <f64>load<i32>(objectOf(args) + arrayLength))
  return 0
}

function callCache(index: i32, args: usize, count: i32, result: usize): i32 {
  if (count < 1 || typeOf(args) !== typeRawStr) return raise('tensor_cache: expected a name')
  const name = <usize>load<u32>(args + anyValue)
  if (index === 10) return readCache(name, result)
  return index === 11 ? removeFromCache(name) : updateCache(name, args, count)
}

function dtypeAt(any: usize): u32 {
  const text = <usize>load<u32>(any + anyValue)
  return dtypeOf(text, textLength(text))
}
