// The few universal names that Node, the browser and workers all have and that `shared` may use. Node and DOM projects use their own types.
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: ArrayBufferView | ArrayBufferLike): string
}
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}
/** Base64 of a text of code units up to 255; btoa throws on any other, atob on what is no base64. */
declare function btoa(text: string): string
declare function atob(base64: string): string
declare const crypto: { randomUUID(): string }
