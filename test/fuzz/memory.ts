import type { Random } from '../crash/random.js';

/** Ids, months and hashes that stood together in a request or an answer: an invoice with its client and month. */
export type Known = Readonly<Record<string, string>>;

/** So many are remembered of each kind; what is older is seldom of use. */
const MOST = 60;
/** So deep is an answer looked through. */
const DEPTH = 4;

/** What the sender of the requests has learnt of what there is, only from what was accepted and answered. */
export class Memory {
  private readonly byField = new Map<string, Known[]>();
  cursor: string | null = null;

  /** Learns from the parameters of a request and from what is answered to it. */
  learn(parameters: Known, answer: unknown, depth = 0): void {
    if (typeof answer !== 'object' || answer === null || depth > DEPTH) return;
    if (Array.isArray(answer)) {
      for (const one of answer.slice(-MOST / 2)) this.learn(parameters, one, depth + 1);
      return;
    }
    const known = { ...parameters, ...namesIn(answer) };
    if (Object.keys(known).length > 0) this.remember(known);
    const { nextCursor } = answer as { nextCursor?: unknown };
    if (typeof nextCursor === 'string') this.cursor = nextCursor;
    for (const part of Object.values(answer)) this.learn(known, part, depth + 1);
  }

  /** One that names the first of these fields of which any is known, and most of the others; a later one rather than an earlier. */
  pick(fields: readonly string[], random: Random): Known {
    const first = fields.find((field) => this.byField.has(field));
    if (first === undefined) return {};
    const all = this.of(first);
    const some = [1, 2, 3].map(() => all[Math.floor(Math.sqrt(random.next()) * all.length)] ?? {});
    return some.reduce((one, other) => (count(other, fields) > count(one, fields) ? other : one));
  }

  /** A value of this field; null: none is known. */
  one(field: string, random: Random): string | null {
    const all = this.of(field);
    return all.length === 0 ? null : (random.pick(all)[field] ?? null);
  }

  values(field: string): readonly string[] {
    return [...new Set(this.of(field).flatMap((known) => known[field] ?? []))];
  }

  /** True where both stood in one request or answer. */
  stoodWith(field: string, value: string, other: string, of: string): boolean {
    return this.of(field).some((known) => known[field] === value && known[other] === of);
  }

  private of(field: string): readonly Known[] {
    return this.byField.get(field) ?? [];
  }

  private remember(known: Known): void {
    for (const field of Object.keys(known)) {
      const all = this.byField.get(field) ?? [];
      this.byField.set(field, all);
      all.push(known);
      if (all.length > MOST) all.shift();
    }
  }
}

function count(known: Known, fields: readonly string[]): number {
  return fields.filter((field) => field in known).length;
}

/** The fields of an object that name something. */
export function namesIn(object: object): Known {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && /Id$|^period$|^hash$/.test(entry[0]),
    ),
  );
}
