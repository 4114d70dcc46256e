/** Whether there is something to warn of is not known: what it rests on can't be read, or not yet. */
interface WarningsNotKnown {
  readonly code: 'WarningsNotKnown';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * What there is to warn of after something was recorded. That stands, and is answered as recorded, whatever goes wrong here: then this is what is told, with its cause. An
 * error instead would have the caller send again what has its effect.
 */
export async function warningsIfKnown<Warning>(
  work: () => Promise<readonly Warning[]>,
): Promise<readonly (Warning | WarningsNotKnown)[]> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const message = `It is recorded. Whether there is something to warn of can't be worked out: ${cause}`;
    return [{ code: 'WarningsNotKnown', message, details: { cause } }];
  }
}
