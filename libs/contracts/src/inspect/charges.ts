import { PRORATION_RULES } from '../events.js';
import { MAX_TERM_MEMBERS } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';
import { inspectMatch } from './coverage.js';

const COUNTED = ['per-device', 'per-user'];

export function inspectRecurringCharges(inspection: Inspection, path: string, charges: unknown): void {
  eachMember(
    inspection,
    path,
    charges,
    [
      'id',
      'name',
      'basis',
      'countOf',
      'price',
      'everyMonths',
      'billed',
      'taxCategory',
      'proration',
      'cycleAnchor',
      'commitment',
    ],
    (at, fields) => {
      const basis = fields['basis'];
      const countOf = fields['countOf'];
      if (inspection.oneOf(`${at}.basis`, basis, ['fixed', 'retainer', ...COUNTED])) {
        if (COUNTED.includes(basis)) inspection.text(`${at}.countOf`, countOf);
        else if (countOf !== undefined) inspection.note(`${at}.countOf`, `belongs to ${COUNTED.join(' and ')} charges`);
      }
      inspection.decimal(`${at}.price`, fields['price']);
      const cycle = fields['everyMonths'];
      if (cycle !== undefined && ![1, 3, 6, 12].some((months) => months === cycle))
        inspection.note(`${at}.everyMonths`, 'must be 1, 3, 6 or 12');
      inspection.oneOf(`${at}.billed`, fields['billed'], ['in-advance', 'in-arrears']);
      inspection.text(`${at}.taxCategory`, fields['taxCategory']);
      if (fields['cycleAnchor'] !== undefined)
        inspection.oneOf(`${at}.cycleAnchor`, fields['cycleAnchor'], ['contract-day', 'calendar']);
      if (fields['commitment'] !== undefined) {
        inspectCommitment(inspection, `${at}.commitment`, fields['commitment']);
        if (typeof basis !== 'string' || !COUNTED.includes(basis))
          inspection.note(`${at}.commitment`, `belongs to ${COUNTED.join(' and ')} charges`);
      }
      if (fields['proration'] !== undefined) inspectProration(inspection, `${at}.proration`, fields['proration']);
    },
  );
}

function inspectCommitment(inspection: Inspection, path: string, commitment: unknown): void {
  const fields = inspection.fields(path, commitment, ['until', 'increaseOnly']);
  if (fields === null) return;
  inspection.date(`${path}.until`, fields['until']);
  inspection.truth(`${path}.increaseOnly`, fields['increaseOnly']);
}

/** Of a charge or an allotment. */
export function inspectProration(inspection: Inspection, path: string, proration: unknown): void {
  const fields = inspection.fields(path, proration, ['increases', 'decreases']);
  if (fields === null) return;
  if (fields['increases'] === undefined && fields['decreases'] === undefined)
    inspection.note(path, 'must state increases, decreases or both');
  for (const name of ['increases', 'decreases'])
    if (fields[name] !== undefined) inspection.oneOf(`${path}.${name}`, fields[name], PRORATION_RULES);
}

export function inspectMinimumCommitment(inspection: Inspection, path: string, minimum: unknown): void {
  const known = ['id', 'name', 'amountPerPeriod', 'countsRecurring', 'taxCategory'];
  const fields = inspection.fields(path, minimum, known);
  if (fields === null) return;
  inspection.id(`${path}.id`, fields['id']);
  inspection.text(`${path}.name`, fields['name']);
  inspection.positive(`${path}.amountPerPeriod`, fields['amountPerPeriod']);
  inspection.truth(`${path}.countsRecurring`, fields['countsRecurring']);
  inspection.text(`${path}.taxCategory`, fields['taxCategory']);
}

export function inspectCaps(inspection: Inspection, path: string, caps: unknown): void {
  eachMember(inspection, path, caps, ['id', 'name', 'scope', 'amount', 'match', 'above'], (at, fields) => {
    inspection.oneOf(`${at}.scope`, fields['scope'], ['ticket', 'period']);
    inspection.positive(`${at}.amount`, fields['amount']);
    if (fields['match'] !== undefined) inspectMatch(inspection, `${at}.match`, fields['match']);
    inspection.oneOf(`${at}.above`, fields['above'], ['write-down', 'gap']);
  });
}

export function inspectDiscounts(inspection: Inspection, path: string, discounts: unknown): void {
  const known = ['id', 'name', 'kind', 'match', 'includesRecurring', 'order', 'percent', 'amount', 'taxCategory'];
  eachMember(inspection, path, discounts, known, (at, fields) => {
    if (fields['match'] !== undefined) inspectMatch(inspection, `${at}.match`, fields['match']);
    if (fields['includesRecurring'] !== undefined)
      inspection.truth(`${at}.includesRecurring`, fields['includesRecurring']);
    inspection.oneOf(`${at}.order`, fields['order'], ['before-minimum', 'after-minimum']);
    if (!inspection.oneOf(`${at}.kind`, fields['kind'], ['percent', 'amount'])) return;
    if (fields['kind'] === 'percent') {
      inspection.positive(`${at}.percent`, fields['percent'], 100);
      for (const other of ['amount', 'taxCategory'])
        if (fields[other] !== undefined) inspection.note(`${at}.${other}`, 'belongs to a discount of kind amount');
      return;
    }
    inspection.positive(`${at}.amount`, fields['amount']);
    if (fields['taxCategory'] !== undefined) inspection.text(`${at}.taxCategory`, fields['taxCategory']);
    if (fields['percent'] !== undefined) inspection.note(`${at}.percent`, 'belongs to a discount of kind percent');
  });
}

/** Members of a list that each have an id and a name. That ids are not given twice is looked at for all terms together. */
export function eachMember(
  inspection: Inspection,
  path: string,
  list: unknown,
  known: readonly string[],
  inspect: (at: string, fields: Fields) => void,
): void {
  inspection.list(path, list, MAX_TERM_MEMBERS).forEach((member, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, member, known);
    if (fields === null) return;
    inspection.id(`${at}.id`, fields['id']);
    inspection.text(`${at}.name`, fields['name']);
    inspect(at, fields);
  });
}
