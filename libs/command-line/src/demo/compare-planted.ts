import type { MoneyJson } from '@billtrail/kernel';
import type { PlantedGap } from '@billtrail/demo';
import type { Gap, ReadModels } from '@billtrail/read-models';

export interface NamedGap {
  readonly ticketId: string | null;
  readonly kind: string;
  readonly money: MoneyJson | null;
  readonly minutes: number | null;
}

export interface PlantedComparison {
  readonly planted: number;
  readonly found: number;
  readonly missed: readonly NamedGap[];
  readonly invented: readonly NamedGap[];
}

/** Compares the planted gaps with the open recorded gaps, by ticket, kind and value. */
export async function comparePlanted(planted: readonly PlantedGap[], models: ReadModels): Promise<PlantedComparison> {
  const open: Gap[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await models.gaps.list({ state: 'open' }, { limit: 200, cursor: cursor ?? undefined });
    open.push(...page.items);
    cursor = page.nextCursor;
  }
  const wanted = planted.map((gap) => ({ ticketId: gap.ticketId, kind: gap.kind, ...gap.value }));
  const found = open.map((gap) => ({ ticketId: gap.ticketId, kind: gap.kind, ...gap.valueAtRisk }));
  return {
    planted: wanted.length,
    found: found.length,
    missed: without(wanted, found),
    invented: without(found, wanted),
  };
}

function without(these: readonly NamedGap[], those: readonly NamedGap[]): readonly NamedGap[] {
  const left = new Map<string, number>();
  for (const gap of those) left.set(nameOf(gap), (left.get(nameOf(gap)) ?? 0) + 1);
  return these.filter((gap) => {
    const count = left.get(nameOf(gap)) ?? 0;
    left.set(nameOf(gap), count - 1);
    return count <= 0;
  });
}

function nameOf({ ticketId, kind, money, minutes }: NamedGap): string {
  return [ticketId, kind, money?.amount, money?.currency, minutes].join('|');
}
