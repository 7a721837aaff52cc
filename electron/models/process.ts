// The models process: looks after the models folder, the downloads and the network, apart from main, so that nothing of it can hold up the window.
export {}
