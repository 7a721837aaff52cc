// What a pickle is read into: plain data, names of globals, and whatever the host makes of calls and persistent ids.

export type PickleValue<T> =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleTuple<T>
  | PickleList<T>
  | PickleDict<T>
  | PickleGlobal
  | PickleObject<T>

export interface PickleTuple<T> {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue<T>[]
}
export interface PickleList<T> {
  readonly kind: 'list'
  readonly items: PickleValue<T>[]
}
export interface PickleDict<T> {
  readonly kind: 'dict'
  readonly entries: Map<string | number, PickleValue<T>>
}
export interface PickleGlobal {
  readonly kind: 'global'
  /** `module.name` */
  readonly name: string
}
export interface PickleObject<T> {
  readonly kind: 'object'
  readonly value: T
}

export interface PickleHost<T> {
  /** The globals that may be named at all. */
  readonly isAllowed: (global: string) => boolean
  /** What a call of an allowed global stands for. Throws PickleProblem. */
  readonly reduce: (global: string, items: readonly PickleValue<T>[]) => PickleValue<T>
  /** What a persistent id stands for. Throws PickleProblem. */
  readonly persistent: (id: PickleValue<T>) => PickleValue<T>
}

/** What is wrong with the operation at hand; the reader says where. */
export class PickleProblem extends Error {
  override readonly name = 'PickleProblem'
}

type Structured<T> = Exclude<PickleValue<T>, null | boolean | number | bigint | string>

export function isKind<T, K extends Structured<T>['kind']>(
  value: PickleValue<T>,
  kind: K,
): value is Extract<Structured<T>, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind
}
