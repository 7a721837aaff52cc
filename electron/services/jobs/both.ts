// Two things at once that only make sense together: the first failure stops the other, and both have ended when this ends.

/** Rejects with the failure that came first. */
export async function both<A, B>(
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
  signal: AbortSignal,
): Promise<readonly [A, B]> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let reason: { readonly error: unknown } | null = null
  const watched = async <T>(work: (signal: AbortSignal) => Promise<T>) => {
    try {
      return await work(either)
    } catch (error) {
      reason ??= { error }
      failed.abort(error)
      throw error
    }
  }
  const results = await Promise.allSettled([watched(first), watched(second)])
  if (reason !== null) throw (reason as { readonly error: unknown }).error
  const [a, b] = results
  if (a.status === 'rejected' || b.status === 'rejected') throw new Error('a failure went by unseen')
  return [a.value, b.value]
}
