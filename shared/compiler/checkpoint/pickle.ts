// Interprets Python pickles as far as torch.save writes them (protocols 2 to 5) and builds plain data. Nothing is ever called: a global is a name on an
// allow-list, and the host says what REDUCE and a persistent id stand for. Opcodes as in CPython's Lib/pickletools.py; any other is refused.
import { CompileError } from '../../errors.ts'
import { quoted } from './json.ts'
import { createPickleStack } from './pickleStack.ts'
import { isKind, type PickleHost, PickleProblem, type PickleValue } from './pickleValue.ts'

export interface PickleSource {
  readonly bytes: Uint8Array
  /** Where in `bytes` the pickle begins. */
  readonly start: number
  /** For errors: the file, and what in it `bytes` are. */
  readonly file: string
  readonly field: string
}

const maximumIntegerBytes = 16
const maximumGlobalBytes = 256
const stop = 0x2e

/** Reads one pickle; `end` is the index behind it. Throws CompileError naming the byte of the operation that cannot be. */
export function readPickle<T>(
  { bytes, start, file, field }: PickleSource,
  host: PickleHost<T>,
): { readonly value: PickleValue<T>; readonly end: number } {
  const cursor = createCursor(bytes, start)
  const stack = createPickleStack<T>()
  const operations = operationsOf(cursor, stack, host)
  for (;;) {
    const at = cursor.position()
    try {
      const opcode = cursor.byte()
      if (opcode === stop) return { value: stack.result(), end: cursor.position() }
      const operation = operations[opcode]
      if (operation === undefined) throw new PickleProblem(`operation 0x${opcode.toString(16)} is not allowed`)
      operation()
    } catch (cause) {
      if (!(cause instanceof PickleProblem)) throw cause
      throw new CompileError(file, `${field === '' ? '' : `${field} `}byte ${at}`, cause.message, { cause })
    }
  }
}

type Operations = Readonly<Record<number, (() => void) | undefined>>

function operationsOf<T>(
  cursor: ReturnType<typeof createCursor>,
  stack: ReturnType<typeof createPickleStack<T>>,
  host: PickleHost<T>,
): Operations {
  const { push, pushNew, pop, top, popLast, popToMark } = stack
  const pushText = (length: number) => pushNew(cursor.text(length))
  const pushTuple = (items: readonly PickleValue<T>[]) => pushNew({ kind: 'tuple', items })
  const pushGlobal = (module: PickleValue<T>, name: PickleValue<T>) => {
    const full = `${typeof module === 'string' ? module : '?'}.${typeof name === 'string' ? name : '?'}`
    if (!host.isAllowed(full)) throw new PickleProblem(`${quoted(full)} is not among the names a checkpoint may use`)
    pushNew({ kind: 'global', name: full })
  }
  const append = (items: readonly PickleValue<T>[]) => {
    const target = top()
    if (!isKind(target, 'list')) throw new PickleProblem('something is appended to what is no list')
    for (const item of items) target.items.push(item)
  }
  const setItems = (pairs: readonly PickleValue<T>[]) => {
    const target = top()
    if (!isKind(target, 'dict')) throw new PickleProblem('a key is set in what is no dictionary')
    if (pairs.length % 2 !== 0) throw new PickleProblem('a key has no value')
    for (let index = 0; index < pairs.length; index += 2) {
      const key = pairs[index]
      if (typeof key !== 'string' && typeof key !== 'number')
        throw new PickleProblem('a key is neither text nor number')
      if (target.entries.has(key)) throw new PickleProblem(`the key ${quoted(String(key))} stands twice`)
      target.entries.set(key, pairs[index + 1] as PickleValue<T>)
    }
  }
  return {
    128: () => {
      const protocol = cursor.byte() // PROTO
      if (protocol < 2 || protocol > 5) throw new PickleProblem(`protocol ${protocol}, expected 2 to 5`)
    },
    149: () => void cursor.skip(8), // FRAME: only a hint for buffering
    40: stack.mark, // MARK
    78: () => push(null), // NONE
    136: () => push(true), // NEWTRUE
    137: () => push(false), // NEWFALSE
    75: () => push(cursor.byte()), // BININT1
    77: () => push(cursor.uint16()), // BININT2
    74: () => push(cursor.int32()), // BININT
    138: () => pushNew(cursor.integer(cursor.byte())), // LONG1
    71: () => push(cursor.float64()), // BINFLOAT
    85: () => pushText(cursor.byte()), // SHORT_BINSTRING, of Python 2
    140: () => pushText(cursor.byte()), // SHORT_BINUNICODE
    88: () => pushText(cursor.uint32()), // BINUNICODE
    41: () => pushTuple([]), // EMPTY_TUPLE
    133: () => pushTuple(popLast(1)), // TUPLE1
    134: () => pushTuple(popLast(2)), // TUPLE2
    135: () => pushTuple(popLast(3)), // TUPLE3
    116: () => pushTuple(popToMark()), // TUPLE
    93: () => pushNew({ kind: 'list', items: [] }), // EMPTY_LIST
    97: () => append([pop()]), // APPEND
    101: () => append(popToMark()), // APPENDS
    125: () => pushNew({ kind: 'dict', entries: new Map() }), // EMPTY_DICT
    115: () => setItems(popLast(2)), // SETITEM
    117: () => setItems(popToMark()), // SETITEMS
    113: () => stack.remember(cursor.byte()), // BINPUT
    114: () => stack.remember(cursor.uint32()), // LONG_BINPUT
    148: () => stack.remember(stack.memoSize()), // MEMOIZE
    104: () => stack.recall(cursor.byte()), // BINGET
    106: () => stack.recall(cursor.uint32()), // LONG_BINGET
    99: () => pushGlobal(cursor.line(), cursor.line()), // GLOBAL
    // STACK_GLOBAL
    147: () => {
      const [module = null, name = null] = popLast(2)
      pushGlobal(module, name)
    },
    // REDUCE
    82: () => {
      const [callee = null, items = null] = popLast(2)
      if (!isKind(callee, 'global')) throw new PickleProblem('what is called is no global')
      if (!isKind(items, 'tuple')) throw new PickleProblem('the arguments of a call are no tuple')
      pushNew(host.reduce(callee.name, items.items))
    },
    81: () => pushNew(host.persistent(pop())), // BINPERSID
    // BUILD gives attributes. torch's dictionaries have one (_metadata), which says nothing about weights.
    98: () => {
      const state = pop()
      if (!isKind(top(), 'dict') || !isKind(state, 'dict'))
        throw new PickleProblem('attributes are given to what is no dictionary')
    },
  }
}

/** Reads little-endian numbers and texts, never beyond the end. */
function createCursor(bytes: Uint8Array, start: number) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = start
  const skip = (length: number): number => {
    if (length > bytes.length - at) throw new PickleProblem('the pickle is cut off')
    at += length
    return at - length
  }
  const text = (length: number): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(skip(length), at))
    } catch (cause) {
      if (cause instanceof PickleProblem) throw cause
      throw new PickleProblem('a text is not UTF-8')
    }
  }
  return {
    position: () => at,
    skip,
    byte: () => data.getUint8(skip(1)),
    uint16: () => data.getUint16(skip(2), true),
    int32: () => data.getInt32(skip(4), true),
    uint32: () => data.getUint32(skip(4), true),
    float64: () => data.getFloat64(skip(8), false),
    text,
    /** A name that ends with a line feed. */
    line: (): string => {
      const end = bytes.subarray(at, at + maximumGlobalBytes).indexOf(0x0a)
      if (end < 0) throw new PickleProblem('a name has no end')
      const name = text(end)
      at += 1
      return name
    },
    /** Two's complement of any length; a bigint where a number would not be exact. */
    integer: (length: number): number | bigint => {
      if (length > maximumIntegerBytes) throw new PickleProblem(`an integer of ${length} bytes`)
      const first = skip(length)
      let value = 0n
      for (let index = at - 1; index >= first; index--) value = (value << 8n) | BigInt(data.getUint8(index))
      const signed = BigInt.asIntN(8 * length, value)
      return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
    },
  }
}
