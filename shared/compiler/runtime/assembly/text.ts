// Bytes and names. Literals are UTF-16 in static memory, names from the host are bytes; all names are ASCII.

/** The bytes at `address` are the literal. */
export function isText(text: string, address: usize, length: i32): bool {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    if (<u16>load<u8>(address + <usize>index) !== characterOf(text, index)) return false
  }
  return true
}

export function characterOf(text: string, index: i32): u16 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1))
}

export function isSame(a: usize, b: usize, length: i32): bool {
  for (let index: usize = 0; index < <usize>length; index++) {
    if (load<u8>(a + index) !== load<u8>(b + index)) return false
  }
  return true
}

/** Bytes before the NUL. */
export function textLength(address: usize): i32 {
  let length = 0
  while (load<u8>(address + <usize>length) !== 0) length++
  return length
}
