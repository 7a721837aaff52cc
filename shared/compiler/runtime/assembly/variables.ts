// The integers of a plan: variables known when a function is called, and counts made of them. All in f64, exact to 2^53.
import { currentState } from './current.ts'
import { countAdd, countAt, countDivide, countMultiply, countVariable } from './image.ts'
import { stateCapacity, stateChunk, statePosition, stateSink, stateTokens, stateWindow } from './layout.ts'

/** Order of the contract's variables; elements0 to elements5 come last. */
const variableOne: usize = 0
export const variableTokens: usize = 1
const variablePosition: usize = 2
const variableLength: usize = 3
const variableCapacity: usize = 4
const variableOccupied: usize = 5
const variableChunk: usize = 6
const variableWindow: usize = 7
const variableSink: usize = 8
export const variableElements: usize = 9
export const variableCount: usize = 15

/** Writes every variable but the elements, which become 0. `values` has room for variableCount f64. */
export function readVariables(values: usize): void {
  memory.fill(values, 0, variableCount << 3)
  setVariable(values, variableOne, 1)
  const state = currentState()
  if (state === 0) return
  const tokens = <f64>load<i32>(state + stateTokens)
  const position = <f64>load<i32>(state + statePosition)
  const capacity = <f64>load<i32>(state + stateCapacity)
  setVariable(values, variableTokens, tokens)
  setVariable(values, variablePosition, position)
  setVariable(values, variableLength, position + tokens)
  setVariable(values, variableCapacity, capacity)
  setVariable(values, variableOccupied, min(position + tokens, capacity))
  setVariable(values, variableChunk, <f64>load<i32>(state + stateChunk))
  setVariable(values, variableWindow, <f64>load<i32>(state + stateWindow))
  setVariable(values, variableSink, <f64>load<i32>(state + stateSink))
}

export function variable(values: usize, index: usize): f64 {
  return load<f64>(values + (index << 3))
}

export function setVariable(values: usize, index: usize, value: f64): void {
  store<f64>(values + (index << 3), value)
}

/** ceil(variable / divide) * multiply + add */
export function evaluate(values: usize, count: u32): f64 {
  const entry = countAt(count)
  const value = variable(values, <usize>load<u32>(entry + countVariable))
  return (
    Math.ceil(value / load<f64>(entry + countDivide)) * load<f64>(entry + countMultiply) + load<f64>(entry + countAdd)
  )
}
