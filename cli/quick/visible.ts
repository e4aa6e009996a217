/** A text without its control characters: a name must not move the cursor or paint a prompt. `plain` would load the engine. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
