/** Plural forms that English does not have. */
type OtherForm = 'zero' | 'two' | 'few' | 'many'

/** The same keys, in another language; beside a counted sentence those forms that the language has and English has not. */
export type Translated<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Translated<English[Key]>
} & {
  readonly [Key in keyof English as Key extends `${infer Counted}_other` ? `${Counted}_${OtherForm}` : never]?: string
}
