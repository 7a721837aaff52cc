// Loaded into the app before its own code: the app becomes ready only when the test driver is attached (Playwright calls __playwright_run then).
// A window that navigates while the driver attaches can leave the driver waiting for good.
const { app } = require('electron')

const ready = app.whenReady()
const attached = new Promise((resolve) => {
  globalThis.__playwright_run = resolve
})
app.whenReady = () => attached.then(() => ready)
