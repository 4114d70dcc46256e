import type { Partly } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type { TravelTerm } from '../terms/travel.js';

export function inspectTravel(note: Note, path: string, travel: Partly<readonly TravelTerm[]>): void {
  travel.forEach((term, index) => {
    const price = term?.price;
    if (price?.kind !== 'zone-fee') return;
    const at = `${path}[${index}].price.zones`;
    noteRepeats(
      price.zones,
      ({ zone }) => zone,
      (member, first, zone) => note(`${at}[${member}].zone`, `${zone} is already ${at}[${first}]`),
    );
    if (price.zones?.length === 0 && !isStated(price, 'otherZones'))
      note(at, 'is empty: no visit would have a price; state otherZones, or a zone');
  });
}
