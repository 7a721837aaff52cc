// Run as a process of its own, to be killed: opens the models folder of a home, goes on with the installation it finds there or starts it, and ends with it.
import { checkpoint, openHome } from './installRig.ts'

const [home = '', hubEndpoint = '', repository = ''] = process.argv.slice(2)
await using open = await openHome(home, hubEndpoint)
const { jobs } = open.models
process.stdout.write('open\n')
const [known] = jobs.list()
const id = known?.id ?? (await jobs.install(checkpoint(repository)))
await jobs.finished(id, new AbortController().signal)
process.stdout.write('done\n')
