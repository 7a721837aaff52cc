// Names of repositories with weights in MLC's form: the original's name, the weight format, `MLC`.

/** `Llama-2-7b-chat-hf` of `mlc-ai/Llama-2-7b-chat-hf-q4f16_1-MLC`: what tells its prompt template. Other names stay as they are. */
export function originalName(repository: string): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  return name.replace(/^mlc-chat-/, '').replace(/-q\d[a-z]\w*(-MLC)?(-\dk)?$/, '')
}
