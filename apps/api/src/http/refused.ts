import type { Refusal } from '@billtrail/kernel';

/** Carries a refusal out of a route to the one place that turns it into an answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}
