// Forty kinds of faults that a download must withstand, by number.
import { answerFaults } from './answers.ts'
import { contentFaults } from './content.ts'
import type { FaultKind } from './kinds.ts'
import { machineFaults } from './machine.ts'
import { transportFaults } from './transport.ts'

export const faultKinds: readonly FaultKind[] = [
  ...transportFaults,
  ...contentFaults,
  ...answerFaults,
  ...machineFaults,
].toSorted((a, b) => a.number - b.number)
