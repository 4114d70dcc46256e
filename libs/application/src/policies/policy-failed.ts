import { refuse, type Refusal } from '@billtrail/kernel';

/**
 * A policy could not record what time alone brings, and what somebody waits for rests on it: a month's fees, a renewed contract, a block that was bought. Its cause
 * may name others, and is told by the log alone.
 */
export class PolicyFailed extends Error {
  override readonly name = 'PolicyFailed';
  readonly refusal: Refusal;

  constructor(
    policy: string,
    /** null: it may concern any client. */
    clientId: string | null,
    cause: unknown,
  ) {
    const whom = clientId === null ? '' : ` for client ${clientId}`;
    const message = `The policy ${policy} failed${whom}, and this rests on what it records.`;
    super(message, { cause });
    this.refusal = refuse(
      'PolicyFailed',
      message,
      'Send it again in a moment, under the same Idempotency-Key: the policy is tried again each time. If this persists, the cause is in what the server or the command wrote to stderr.',
      { policy, clientId },
    );
  }
}
