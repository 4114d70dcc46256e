import { canonical } from './canonical.js';
import type { ContractTerms } from './events.js';

/** One place in which two documents differ; undefined: it is not there. */
export interface TermsDifference {
  /** `rateCard.labour[2].pricePerHour`; of a list whose members have ids `coverage[urgent].outcome`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every difference between two versions' terms, in the order of the terms, those that are only before last. */
export function differencesOfTerms(before: ContractTerms, after: ContractTerms): readonly TermsDifference[] {
  return differencesOf(before, after);
}

/** The same of any two documents. */
export function differencesOf(before: object, after: object): readonly TermsDifference[] {
  const differences: TermsDifference[] = [];
  compare('', before, after, differences);
  return differences;
}

function compare(path: string, before: unknown, after: unknown, differences: TermsDifference[]): void {
  if (canonical(before) === canonical(after)) return;
  const then = membersOf(before);
  const now = membersOf(after);
  if (then === null || now === null || then.isList !== now.isList) {
    differences.push({ path, before, after });
    return;
  }
  for (const [name, value] of now.members)
    compare(pathOf(path, name, now.isList), then.members.get(name), value, differences);
  for (const [name, value] of then.members)
    if (!now.members.has(name)) compare(pathOf(path, name, then.isList), value, undefined, differences);
}

/** The path of a member. */
export function pathOf(path: string, name: string, isList: boolean): string {
  if (isList) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

interface Members {
  readonly isList: boolean;
  readonly members: ReadonlyMap<string, unknown>;
}

/** Members by name: of a list by their ids where all have one, else by their number. null: it has none. */
export function membersOf(value: unknown): Members | null {
  if (Array.isArray(value)) {
    const ids = value.map(idOf);
    const hasIds = ids.every((id) => id !== null) && new Set(ids).size === ids.length;
    return {
      isList: true,
      members: new Map(value.map((member: unknown, index) => [hasIds ? String(ids[index]) : String(index), member])),
    };
  }
  if (typeof value !== 'object' || value === null) return null;
  return { isList: false, members: new Map(Object.entries(value)) };
}

function idOf(member: unknown): string | null {
  const id: unknown = typeof member === 'object' && member !== null && 'id' in member ? member.id : null;
  return typeof id === 'string' ? id : null;
}
