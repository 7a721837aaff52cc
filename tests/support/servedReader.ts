// The thread that reads weights, on the bundled models of this repository.
import './servedModel.ts'
import '../../renderer/inference/readerWorker.ts'
