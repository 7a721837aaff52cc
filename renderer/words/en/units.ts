// Amounts.
export const units = {
  of: '{{part}} of {{whole}}',
  perSecond: '{{amount}} per second',
  speed: '{{speed}} tokens per second',
  about: 'about {{amount}}',
  atMost: 'at most {{amount}}',
  million_one: '{{number}} million',
  million_other: '{{number}} million',
  billion_one: '{{number}} billion',
  billion_other: '{{number}} billion',
  trillion_one: '{{number}} trillion',
  trillion_other: '{{number}} trillion',
  models_one: '{{count}} model',
  models_other: '{{count}} models',
} as const
