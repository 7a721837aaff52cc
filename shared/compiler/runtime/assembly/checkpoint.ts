// Checkpoints
import { raise } from './error.ts'
export function checkpointMetadata(_args: usize, _count: i32, _result: usize): i32 {
  return raise('x')
}
export function exportGroup(_args: usize, _count: i32): i32 {
  return raise('x')
}
export function prepareImport(_args: usize, _count: i32): i32 {
  return raise('x')
}
export function importGroup(_args: usize, _count: i32): i32 {
  return raise('x')
}
export function finishImport(_args: usize, _count: i32): i32 {
  return raise('x')
}
export function sequenceLength(_args: usize, _count: i32, _result: usize): i32 {
  return raise('x')
}
