// What the runtime inside every library keeps for JavaScript: arrays, and weights by their name.
import { beforeEach, describe, expect, test } from 'vitest'
import type { FakeHost } from '../../support/fakeHost.ts'
import { asObject, type HostObject } from '../../support/hostValues.ts'
import { startToy } from '../../support/toyLibrary.ts'

let host: FakeHost
beforeEach(async () => {
  host = await startToy()
})

describe('containers', () => {
  test('an array owns copies of strings and counts objects up', () => {
    const shape = host.shape(1, 2)
    const before = host.usage.objects
    const array = asObject(host.global('ffi.Array', 'one', shape, 3, { int: -4 }, undefined, true))
    host.release(shape)
    expect(host.global('ffi.ArraySize', array)).toBe(6)
    const items = [0, 2, 3, 4, 5].map((index) => host.global('ffi.ArrayGetItem', array, { int: index }))
    expect(items).toEqual(['one', 3, -4, undefined, true])
    expect(() => host.global('ffi.ArrayGetItem', array, { int: 6 })).toThrow('out of range')
    expect(() => host.global('ffi.ArrayGetItem', array, { int: -1 })).toThrow('out of range')
    host.release(array)
    expect(host.usage.objects).toBe(before - 1)
  })

  test('arrays join in order', () => {
    const parts = [['a', 'b'], [], ['c']].map((texts) => asObject(host.global('ffi.Array', ...texts)))
    const joined = asObject(host.global('tvmjs.runtime.ArrayConcat', ...parts))
    for (const part of parts) host.release(part)
    expect([0, 1, 2].map((int) => host.global('ffi.ArrayGetItem', joined, { int }))).toEqual(['a', 'b', 'c'])
    host.release(joined)
  })
})

describe('parameters', () => {
  test('the array has the tensors in the order asked for, and a missing one is named', () => {
    const tensors = ['a', 'b'].map((name) => {
      const tensor = host.makeTensor('webgpu', 'float32', [1])
      host.global('vm.builtin.tensor_cache.update', name, tensor, { int: 0 })
      return tensor
    })
    const names = host.global('ffi.Array', 'b', 'a')
    const module = asObject(host.global('vm.builtin.param_module_from_cache_by_name', names))
    const getParams = asObject(host.global('ffi.ModuleGetFunction', module, 'get_params', false))
    const params = asObject(host.call(getParams))
    const order = [0, 1].map((int) => asObject(host.global('ffi.ArrayGetItem', params, { int })).pointer)
    expect(order).toEqual([tensors[1]?.pointer, tensors[0]?.pointer])
    const wrong = host.global('ffi.Array', 'a', 'model.layers.0.c')
    expect(() => host.global('vm.builtin.param_module_from_cache_by_name', wrong)).toThrow(
      'the weights have no parameter model.layers.0.c',
    )
  })

  test('the cache replaces only when told to, removes and clears', () => {
    const before = host.usage.objects
    const [first, second] = [1, 2].map(() => host.makeTensor('webgpu', 'float32', [1]))
    if (first === undefined || second === undefined) throw new Error('unreachable')
    const update = (tensor: HostObject, int: number) =>
      host.global('vm.builtin.tensor_cache.update', 'w', tensor, { int })
    const get = () => {
      const found = host.global('vm.builtin.tensor_cache.get', 'w')
      host.release(found)
      return found === undefined ? undefined : asObject(found).pointer
    }
    expect(get()).toBeUndefined()
    update(first, 0)
    expect(() => update(second, 0)).toThrow('the tensor cache holds w already')
    expect(get()).toBe(first.pointer)
    update(second, 1)
    expect(get()).toBe(second.pointer)
    host.global('vm.builtin.tensor_cache.remove', 'w')
    expect(get()).toBeUndefined()
    for (let index = 0; index < 200; index++)
      host.global('vm.builtin.tensor_cache.update', `p${index}`, first, { int: 0 })
    host.global('vm.builtin.tensor_cache.clear')
    host.release(first)
    host.release(second)
    // The device's allocate function was fetched in between and stays.
    expect(host.usage.objects - before).toBe(1)
    expect(host.usage.pooled).toBe(2)
  })
})
