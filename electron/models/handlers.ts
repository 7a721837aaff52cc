// One line per request that the models process answers.
import type { HandlersOf } from '../../shared/ipc.ts'
import type { Models } from '../services/models.ts'
import type { NetworkConfiguration } from '../services/network/configuration.ts'
import type { processRequests } from './contract.ts'

export function modelsHandlers(
  models: Models,
  configure: (configuration: NetworkConfiguration) => Promise<void>,
): HandlersOf<typeof processRequests> {
  const { jobs } = models
  return {
    'models.records': () => models.records(),
    'models.measured': async (measurement) => done(models.measured(measurement)),
    'models.verify': async ({ key }) => ({ jobId: await jobs.verify(key) }),
    'models.repair': async ({ key }) => ({ jobId: await jobs.repair(key) }),
    'models.remove': ({ key }) => models.remove(key),
    'catalog.inspect': (subject, signal) => models.inspect(subject, signal),
    'catalog.search': ({ text }, signal) => models.search(text, signal),
    'local.foreign': (_nothing, signal) => models.foreign(signal),
    'jobs.list': async () => jobs.list(),
    'jobs.install': async (request) => ({ jobId: await jobs.install(request) }),
    'jobs.pause': ({ id }) => done(jobs.pause(id)),
    'jobs.resume': ({ id }) => done(jobs.resume(id)),
    'jobs.cancel': ({ id }) => done(jobs.cancel(id)),
    'jobs.move': (move) => done(jobs.move(move)),
    'network.ledger': (page) => models.ledger(page),
    'process.configure': (configuration) => done(configure(configuration)),
    'process.folder': ({ path }) => models.folder(path),
    'process.locate': ({ key }) => models.locate(key),
    'process.moveFolder': async ({ path }) => ({ jobId: await jobs.moveFolder(path) }),
  }
}

async function done(work: Promise<void>): Promise<null> {
  await work
  return null
}
