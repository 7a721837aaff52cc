// A thread that looks after the copies of the chats, so that requests are answered meanwhile.
import { parentPort, workerData } from 'node:worker_threads'
import { type CopiesOrder, keepCopies } from './keepCopies.ts'

parentPort?.postMessage(keepCopies(workerData as CopiesOrder))
