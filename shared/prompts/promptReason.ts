// Why a checkpoint is spoken to as it is, as data; the window words it itself, the command line takes the sentence.

export type PromptReason =
  | { readonly kind: 'asked' }
  | { readonly kind: 'base-model'; readonly repository: string; readonly carriesTemplate: boolean }
  | { readonly kind: 'tuned'; readonly repository: string }
  /** A chat template of a known kind. */
  | { readonly kind: 'carries-template' }
  | { readonly kind: 'carries-unknown-template' }
  /** Nothing says that it answers; its vocabulary may still have the markers of chatml. */
  | { readonly kind: 'nothing'; readonly hasMarkers: boolean }
  /** Weights in MLC's form describe their conversation. */
  | { readonly kind: 'configuration'; readonly conversation: string }

/** Half a sentence for the person who compiles: `vicuna-7b-v1.5 was tuned with it`. */
export function promptReasonText(reason: PromptReason): string {
  switch (reason.kind) {
    case 'asked':
      return 'as asked for'
    case 'base-model':
      return `${reason.repository} is a base model${reason.carriesTemplate ? '; the chat template it carries is not used' : ''}`
    case 'tuned':
      return `${reason.repository} was tuned with it`
    case 'carries-template':
      return 'the chat template it carries is of this kind'
    case 'carries-unknown-template':
      return 'the chat template it carries is of no known kind; --prompt names one'
    case 'nothing': {
      const hint = reason.hasMarkers ? ' (its vocabulary has the markers of chatml)' : ''
      return `nothing says that it was tuned to answer${hint}; --prompt names a template`
    }
    case 'configuration':
      return `its configuration describes the conversation ${JSON.stringify(reason.conversation)}`
    default:
      return reason satisfies never
  }
}
