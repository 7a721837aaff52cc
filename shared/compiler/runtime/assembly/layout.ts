// Memory layouts shared with tvmjs (wasm32, little endian). Values travel as `Any`; everything with a life of its own is an object with a header.
//
//   Any         0 i32 type   4 u32 zero      8 u64 value (i64, f64, pointer)
//   ByteArray   0 u32 data   4 u32 bytes
//   Object      0 u32 count  8 i32 type     16 unused     body from 24
//   Str, Bytes 24 u32 data  28 u32 bytes    content inline from 32, then a NUL
//   Function   24 i32 kind  28 i32 index    32 u32 object it keeps alive
//   Shape      24 u32 data  28 u32 length   values inline from 32, i64 each
//   Array      24 u32 length                items inline from 32, one Any each
//   Module     24 i32 kind  28 u32 array of parameters
//   Tensor     24 u32 data  28 i32 device type  32 i32 device id  36 i32 rank  40 u8 code  41 u8 bits  42 u16 lanes
//              44 u32 shape 48 u32 strides  56 u64 byte offset  64 u32 storage  shape inline from 72, i64 each
//   Storage    24 i32 device type  28 u32 address or GPU buffer  32 f64 bytes  40 i32 pool class  44 u32 next in the pool
//   State      24 i32 most tokens  28 i32 chunk  32 i32 capacity  36 i32 sliding  40 i32 window  44 i32 sink  48 i32 position  52 i32 tokens
//              56 u32 array of storages: slots, then constants

export const anyBytes: usize = 16
export const anyZero: usize = 4
export const anyValue: usize = 8

export const typeNone: i32 = 0
export const typeInt: i32 = 1
export const typeBool: i32 = 2
export const typeFloat: i32 = 3
export const typePointer: i32 = 4
export const typeDevice: i32 = 6
export const typeRawStr: i32 = 8
export const typeByteArray: i32 = 9
/** From here on the value is a pointer to an object. */
export const typeObject: i32 = 64
export const typeStr: i32 = 65
export const typeBytes: i32 = 66
export const typeFunction: i32 = 68
export const typeShape: i32 = 69
export const typeTensor: i32 = 70
export const typeArray: i32 = 71
export const typeModule: i32 = 73
export const typeState: i32 = 128
export const typeStorage: i32 = 129

export const byteArrayData: usize = 0
export const byteArrayBytes: usize = 4

export const objectCount: usize = 0
export const objectType: usize = 8

export const textData: usize = 24
export const textBytes: usize = 28
export const textContent: usize = 32

export const functionKind: usize = 24
export const functionIndex: usize = 28
export const functionKeeps: usize = 32
export const functionObjectBytes: usize = 40

export const shapeData: usize = 24
export const shapeLength: usize = 28
export const shapeValues: usize = 32

export const arrayLength: usize = 24
export const arrayItems: usize = 32

export const moduleKind: usize = 24
export const moduleParams: usize = 28
export const moduleObjectBytes: usize = 32

export const tensorData: usize = 24
export const tensorDeviceType: usize = 28
export const tensorRank: usize = 36
export const tensorDtype: usize = 40
export const tensorShape: usize = 44
export const tensorByteOffset: usize = 56
export const tensorStorage: usize = 64
export const tensorShapeValues: usize = 72

export const storageDevice: usize = 24
export const storageHandle: usize = 28
export const storageSize: usize = 32
export const storageClass: usize = 40
export const storageNext: usize = 44
export const storageObjectBytes: usize = 48

export const stateMost: usize = 24
export const stateChunk: usize = 28
export const stateCapacity: usize = 32
export const stateSliding: usize = 36
export const stateWindow: usize = 40
export const stateSink: usize = 44
export const statePosition: usize = 48
export const stateTokens: usize = 52
export const stateStorages: usize = 56
export const stateObjectBytes: usize = 64

export const deviceCpu: i32 = 1
export const deviceWebGpu: i32 = 15
