/** The vault can't be used. Nothing was changed in it. `remedy` says what an operator can do. */
export class VaultUnavailable extends Error {
  override readonly name = 'VaultUnavailable';
  constructor(
    message: string,
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(`${message}. ${remedy}`, options);
  }
}
