// A repository at a commit as one text, in the form of its page's address, which `readRepository` takes on every Hub.

export function repositoryAt(id: string, commit: string): string {
  return `https://huggingface.co/${id}/tree/${commit}`
}
