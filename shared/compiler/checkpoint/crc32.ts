// The checksum of zip archives: CRC-32 with the reflected polynomial 0xEDB88320 (ISO 3309, APPNOTE.TXT 4.4.7).

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb8_8320 : remainder >>> 1
  return remainder
})

export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff
  for (const byte of bytes) remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] as number)
  return (remainder ^ 0xffff_ffff) >>> 0
}
