const DIGITS = 12;

/** The id of the key with this hash (base64url): the first hexadecimal digits of it. The same key has the same id in every vault. */
export function keyIdOf(hash: string): string {
  return Buffer.from(hash, 'base64url').toString('hex').slice(0, DIGITS);
}
