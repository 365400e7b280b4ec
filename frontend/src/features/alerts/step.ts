const COMMAND = /^(?:([\s\S]*?[:：])\s*)?((?:kubectl|cmctl|git|helm|argocd|openssl|curl|docker)\s[\s\S]+)$/;

/** A step of a remedy is a sentence, a command, or a sentence that ends in ": command". */
export function splitStep(step: string): { say: string; command?: string } {
  const [, say = '', command] = COMMAND.exec(step) ?? [];
  return command ? { say, command } : { say: step };
}
