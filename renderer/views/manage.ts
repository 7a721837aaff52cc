// What surrounds the writing desk, for components: from context.
import { createContext, use, useEffect, useState } from 'react'
import type { Management } from '../state/management.ts'

export const ManagementContext = createContext<Management | null>(null)

export function useManagement(): Management {
  const management = use(ManagementContext)
  if (management === null) throw new Error('this view needs the management around it')
  return management
}

/** The clock, once a second while `isWanted`: for a countdown that is seen, and for nothing else. */
export function useNowMs(isWanted: boolean): number {
  const { nowMs } = useManagement()
  const [now, setNow] = useState(nowMs)
  useEffect(() => {
    if (!isWanted) return
    setNow(nowMs())
    const timer = setInterval(() => setNow(nowMs()), 1000)
    return () => clearInterval(timer)
  }, [isWanted, nowMs])
  return now
}
