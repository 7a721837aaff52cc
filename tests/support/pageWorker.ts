// The app's inference worker in a test page, on the bundled models of this repository, whose device can be made to break.
import './servedModel.ts'
import './breakingDevice.ts'
import '../../renderer/inference/worker.ts'
