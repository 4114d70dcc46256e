import type { ReadDatabase } from '../database/read-database.js';
import type { Place } from './compared-rows.js';

/**
 * What was found as it was kept, for as long as no other connection writes to the file: this one's own writes keep sums and rows together. So nothing is looked at
 * where one process fills the read models, and each place once where others write too.
 */
export class FoundEqual {
  private since = -1;
  private readonly places = new Set<string>();
  private readonly models = new Set<string>();

  constructor(private readonly database: ReadDatabase) {}

  has(model: string, place: Place): boolean {
    this.renew();
    return this.models.has(model) || this.places.has(keyOf(model, place));
  }

  add(model: string, place: Place): void {
    this.renew();
    this.places.add(keyOf(model, place));
  }

  /** A read model is empty: all that comes is of this connection. */
  hasAll(model: string): boolean {
    this.renew();
    return this.models.has(model);
  }

  addAll(model: string): void {
    this.renew();
    this.models.add(model);
  }

  forget(): void {
    this.places.clear();
    this.models.clear();
  }

  private renew(): void {
    const others = this.database.writtenByOthers();
    if (others !== this.since) this.forget();
    this.since = others;
  }
}

/** A place of a read model. */
export function keyOf(model: string, { clientId, period }: Place): string {
  return `${model}\n${clientId}\n${period}`;
}
