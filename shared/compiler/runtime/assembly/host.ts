// The two functions the library imports. The only file with decorators (the formatter cannot read them).

/** Calls JavaScript function number `index`. 0 ok, -1 raised: the host has then set the error text. `args` is destroyed by the call. */
@external("env", "TVMFFIWasmSafeCall")
export declare function hostCall(index: i32, args: usize, count: i32, result: usize): i32

/** Gives JavaScript function number `index` back. */
@external("env", "TVMFFIWasmFunctionDeleter")
export declare function hostRelease(index: i32): void
