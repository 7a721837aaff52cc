// Reads what the hidden window reports: lines on its standard output that start with a record separator. All others are Chromium's own.
import { type RunReport, runReport } from '../../shared/ipc.ts'
import { reportPrefix } from '../runMode.ts'

/** Splits bytes into lines and yields the reports among them. A report that does not decode is a bug on the other side and throws. */
export async function* readReports(chunks: AsyncIterable<Uint8Array>): AsyncIterable<RunReport> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(reportPrefix)) yield runReport.parse(JSON.parse(line.slice(reportPrefix.length)))
    }
  }
}
