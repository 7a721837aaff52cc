// Imported before anything else: zod makes functions from text while schemas are declared, the page's policy refuses that, and each try would be reported
// as a violation.
import { config } from 'zod'

config({ jitless: true })
