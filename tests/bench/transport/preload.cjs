// Ports go to the page as window messages, because the bridge passes none.
const { contextBridge, ipcRenderer } = require('electron')

ipcRenderer.on('port', ({ ports }) => window.postMessage('port', '*', ports))
contextBridge.exposeInMainWorld('bench', {
  job: () => ipcRenderer.invoke('job'),
  result: (line) => ipcRenderer.send('result', line),
  end: () => ipcRenderer.send('end'),
  port: (where, index) => ipcRenderer.send('port', { where, index }),
})
