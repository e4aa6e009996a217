export async function pickSession(..._: unknown[]): Promise<number> {
  return 0;
}
