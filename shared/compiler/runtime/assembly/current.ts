// The KV state in use: one per instance, because the slots are sized by it. Not counted: the state clears it when it dies.

let state: usize = 0

export function currentState(): usize {
  return state
}

export function setCurrentState(object: usize): void {
  state = object
}
