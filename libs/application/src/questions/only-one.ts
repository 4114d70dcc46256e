import { type Refusal, refuse } from '@billtrail/kernel';
import type { ItemPlace } from '@billtrail/read-models';

/** Where an item or a charge is: ids are unique within a client and period only. */
interface Placed {
  readonly clientId: string | null;
  readonly period: string;
}

/** The item in that client and period; null if there is none. Refuses an id that occurs in several when none is named: never a guess. */
export function onlyOne<Item extends Placed>(
  id: string,
  items: readonly Item[],
  { clientId, period }: ItemPlace,
): Item | Refusal | null {
  const meant = items.filter(
    (item) =>
      (clientId === undefined || item.clientId === clientId) && (period === undefined || item.period === period),
  );
  const [item] = meant;
  if (item === undefined) return null;
  if (meant.length === 1) return item;
  return refuse(
    'ItemInSeveralPeriods',
    `${id} has an item in ${meant.length} periods, because what it is for crosses the end of a month or was moved.`,
    'Say which one you mean: ?clientId=CLIENT&period=MONTH.',
    { places: meant.map((one) => ({ clientId: one.clientId, period: one.period })) },
  );
}
