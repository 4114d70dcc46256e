import { MAX_TERM_MEMBERS, MAX_TERM_MINUTES, MAX_TRAVEL } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';
import { eachMember } from './charges.js';
import { inspectMatch } from './coverage.js';

/** Most that the price of an hour is multiplied by. */
const MAX_FACTOR = 100;

const PRICES: Readonly<Record<string, readonly string[]>> = {
  'zone-fee': ['zones', 'otherZones'],
  hours: ['pricePerHour', 'factor', 'freeMinutes', 'way'],
  kilometres: ['pricePerKilometre', 'freeKilometres', 'way'],
};

export function inspectTravel(inspection: Inspection, path: string, travel: unknown): void {
  eachMember(inspection, path, travel, ['id', 'name', 'match', 'price', 'cap', 'taxCategory'], (at, fields) => {
    inspectMatch(inspection, `${at}.match`, fields['match']);
    if (fields['cap'] !== undefined) inspection.positive(`${at}.cap`, fields['cap']);
    inspection.text(`${at}.taxCategory`, fields['taxCategory']);
    inspectPrice(inspection, `${at}.price`, fields['price']);
  });
}

function inspectPrice(inspection: Inspection, path: string, price: unknown): void {
  const all = ['kind', ...Object.values(PRICES).flat()];
  const fields = inspection.fields(path, price, [...new Set(all)]);
  if (fields === null) return;
  const { kind } = fields;
  if (!inspection.oneOf(`${path}.kind`, kind, Object.keys(PRICES))) return;
  const own = PRICES[kind] ?? [];
  for (const name of Object.keys(fields))
    if (name !== 'kind' && all.includes(name) && !own.includes(name))
      inspection.note(`${path}.${name}`, `does not belong to a price of kind ${kind}; allowed here: ${own.join(', ')}`);
  if (kind === 'zone-fee') inspectZones(inspection, path, fields);
  else inspection.oneOf(`${path}.way`, fields['way'], ['one-way', 'return']);
  if (kind === 'hours') {
    if (fields['pricePerHour'] !== undefined) inspection.decimal(`${path}.pricePerHour`, fields['pricePerHour']);
    inspection.positive(`${path}.factor`, fields['factor'], MAX_FACTOR);
    if (fields['freeMinutes'] !== undefined)
      inspection.wholeNumber(`${path}.freeMinutes`, fields['freeMinutes'], 1, MAX_TERM_MINUTES);
  }
  if (kind === 'kilometres') {
    inspection.decimal(`${path}.pricePerKilometre`, fields['pricePerKilometre']);
    if (fields['freeKilometres'] !== undefined)
      inspection.positive(`${path}.freeKilometres`, fields['freeKilometres'], MAX_TRAVEL);
  }
}

function inspectZones(inspection: Inspection, path: string, { zones, otherZones }: Fields): void {
  if (otherZones !== undefined) inspection.decimal(`${path}.otherZones`, otherZones);
  const first = new Map<string, number>();
  inspection.list(`${path}.zones`, zones, MAX_TERM_MEMBERS).forEach((member, index) => {
    const at = `${path}.zones[${index}]`;
    const fields = inspection.fields(at, member, ['zone', 'fee']);
    if (fields === null) return;
    inspection.decimal(`${at}.fee`, fields['fee']);
    const { zone } = fields;
    if (!inspection.text(`${at}.zone`, zone)) return;
    const before = first.get(zone);
    if (before === undefined) first.set(zone, index);
    else inspection.note(`${at}.zone`, `${zone} is already ${path}.zones[${before}]`);
  });
  if (Array.isArray(zones) && zones.length === 0 && otherZones === undefined)
    inspection.note(`${path}.zones`, 'is empty: no visit would have a price; state otherZones, or a zone');
}
