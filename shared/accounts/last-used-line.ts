const WRITTEN_BY_US = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * config.yaml with another time in place of the one there, as long as there is no doubt where it stands: it stands in
 * the text once, on a line that holds nothing else, and no value in the text is written in another form (an escape) or
 * stands for more than one place (an anchor).
 * @param last the `last_used` of one account, as the parser read it
 * @returns `null` where there is doubt: the editor of config.yaml has to do it then
 */
export function replaceLastUsed(text: string, last: string, next: string): string | null {
  if (!WRITTEN_BY_US.test(last) || last.length !== next.length || /[\\&*]/.test(text)) return null;
  const at = text.indexOf(last);
  if (at === -1 || text.indexOf(last, at + 1) !== -1) return null;
  const end = text.indexOf("\n", at);
  const line = text.slice(text.lastIndexOf("\n", at) + 1, end === -1 ? text.length : end);
  if (!/^ +last_used: (["']?)[0-9TZ:.-]+\1 *\r?$/.test(line)) return null;
  return text.slice(0, at) + next + text.slice(at + last.length);
}
