import { MAX_TERM_MEMBERS, MAX_TERM_MINUTES } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';

export const SCOPES = ['entry', 'ticket-day', 'ticket', 'visit'] as const;
const MODES: Readonly<Record<string, readonly string[]>> = {
  multiplier: ['multiplier'],
  'amount-on-top': ['amount', 'per'],
  flat: ['price', 'per'],
  tiers: ['per', 'tiers'],
};

/** How the card prices single work types in another way than by the hour. */
export function inspectWorkTypes(inspection: Inspection, path: string, workTypes: unknown): void {
  const firstByType = new Map<unknown, number>();
  inspection.list(path, workTypes, MAX_TERM_MEMBERS).forEach((pricing, index) => {
    const at = `${path}[${index}]`;
    const known = inspectPricing(inspection, at, pricing);
    if (known === null || !inspection.text(`${at}.workType`, known['workType'])) return;
    const first = firstByType.get(known['workType']);
    if (first === undefined) firstByType.set(known['workType'], index);
    else inspection.note(`${at}.workType`, `is priced by ${path}[${first}] already`);
  });
}

function inspectPricing(inspection: Inspection, at: string, pricing: unknown): Fields | null {
  const mode = modeOf(pricing);
  const fields = inspection.fields(at, pricing, ['workType', 'mode', ...(MODES[mode] ?? Object.values(MODES).flat())]);
  if (fields === null) return null;
  if (!inspection.oneOf(`${at}.mode`, fields['mode'], Object.keys(MODES))) return fields;
  switch (mode) {
    case 'multiplier':
      inspection.positive(`${at}.multiplier`, fields['multiplier']);
      break;
    case 'amount-on-top':
      inspection.positive(`${at}.amount`, fields['amount']);
      inspection.oneOf(`${at}.per`, fields['per'], ['hour', ...SCOPES]);
      break;
    case 'flat':
      inspection.decimal(`${at}.price`, fields['price']);
      inspection.oneOf(`${at}.per`, fields['per'], SCOPES);
      break;
    default:
      inspection.oneOf(`${at}.per`, fields['per'], SCOPES);
      inspectTiers(inspection, `${at}.tiers`, fields['tiers']);
  }
  return fields;
}

/** The mode as it stands there; a text that is no mode where it is none. */
function modeOf(pricing: unknown): string {
  const mode = typeof pricing === 'object' && pricing !== null && 'mode' in pricing ? pricing.mode : '';
  return typeof mode === 'string' && Object.hasOwn(MODES, mode) ? mode : '';
}

function inspectTiers(inspection: Inspection, path: string, tiers: unknown): void {
  const members = inspection.list(path, tiers, MAX_TERM_MEMBERS);
  if (Array.isArray(tiers) && tiers.length === 0) inspection.note(path, 'is empty: no minute would have a price');
  let reached = 0;
  members.forEach((tier, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, tier, ['upToMinutes', 'pricePerHour']);
    if (fields === null) return;
    inspection.decimal(`${at}.pricePerHour`, fields['pricePerHour']);
    const end = fields['upToMinutes'];
    const isLast = index === members.length - 1;
    if (end === null) {
      if (!isLast) inspection.note(`${at}.upToMinutes`, 'is without end: the tiers after it would never be reached');
      return;
    }
    if (!inspection.wholeNumber(`${at}.upToMinutes`, end, 1, MAX_TERM_MINUTES)) return;
    if (end <= reached) inspection.note(`${at}.upToMinutes`, `must be more than the ${reached} of the tier before`);
    reached = Math.max(reached, end);
    if (isLast)
      inspection.note(`${at}.upToMinutes`, 'must be null on the last tier: minutes beyond would have no price');
  });
}
