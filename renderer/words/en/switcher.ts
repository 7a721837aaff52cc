// The model switcher.
export const switcher = {
  title: 'Switch model',
  list: 'Installed models',
  placeholder: 'Switch to an installed model …',
  empty: 'No installed model is called that.',
  inUse: 'in use',
  loaded: 'loaded',
  doesNotFit: 'does not fit',
  shorter_one: 'Load {{title}} with a context of {{count}} token',
  shorter_other: 'Load {{title}} with a context of {{count}} tokens',
  instead: 'Load {{title}} instead',
  unknown: 'Nothing is known of this computer yet.',
  takes: 'Takes {{memory}} of memory.',
  takesAndWrites: 'Takes {{memory}} of memory, {{speed}}.',
  loads: 'loads',
  closes: 'closes',
} as const
