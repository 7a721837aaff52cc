// Asks main what the window can ask, over the bridge of its page.
import type { Page } from 'playwright'
import type { Channel, Input, Output, Reply } from '../../shared/ipc.ts'

/** The reply as it crosses: a refusal is data. */
export async function replyOfMain<C extends Channel>(
  page: Page,
  channel: C,
  input?: Input<C>,
): Promise<Reply<Output<C>>> {
  return await page.evaluate(
    async ([name, given]) => {
      const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<unknown>>
      return (await bridge[name]?.(given)) as Reply<never>
    },
    [channel as string, input as unknown] as const,
  )
}

/** Rejects where main refuses. */
export async function askMain<C extends Channel>(page: Page, channel: C, input?: Input<C>): Promise<Output<C>> {
  const reply = await replyOfMain(page, channel, input)
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`)
  return reply.value
}
