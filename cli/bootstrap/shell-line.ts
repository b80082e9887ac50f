/** A command as a person would type it in a POSIX shell. */
export function shellLine(program: string, args: readonly string[]): string {
  return [program, ...args].map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
