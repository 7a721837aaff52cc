// What a person can do, as buttons, palette and lists of keys say it.
export const commands = {
  larger: 'Larger text',
  smaller: 'Smaller text',
  theme: 'Theme: {{theme}}',
  language: 'Language: {{language}}',
  contrast: 'High contrast on or off',
  usualSize: 'Usual text size',
} as const
