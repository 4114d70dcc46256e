import { PRIORITIES } from '@billtrail/kernel';
import { WORK_KINDS } from '../events.js';
import { MAX_COVERAGE_RULES, MAX_CRITERION_VALUES, MAX_TERM_MINUTES } from '../limits.js';
import type { Inspection } from '../problems.js';

const OUTCOMES = ['included', 'prepaid', 'billable', 'excluded'] as const;
const CRITERIA = [
  'kinds',
  'workTypes',
  'categories',
  'ticketTypes',
  'priorities',
  'engineerRoles',
  'sites',
  'rateClasses',
] as const;

/** Criteria of which every value is known: another one would never match. */
const CLOSED: Readonly<Partial<Record<string, readonly string[]>>> = { kinds: WORK_KINDS, priorities: PRIORITIES };

export function inspectCoverage(inspection: Inspection, coverage: unknown): void {
  const rules = inspection.list('terms.coverage', coverage, MAX_COVERAGE_RULES);
  if (Array.isArray(coverage) && coverage.length === 0) {
    inspection.note('terms.coverage', 'is empty: no work would be covered or priced');
  }
  const firstById = new Map<string, number>();
  rules.forEach((rule, index) => {
    const path = `terms.coverage[${index}]`;
    const fields = inspection.fields(path, rule, ['id', 'name', 'match', 'outcome', 'includedMinutesPerTicket']);
    if (fields === null) return;
    const id = fields['id'];
    if (inspection.id(`${path}.id`, id)) {
      const first = firstById.get(id);
      if (first === undefined) firstById.set(id, index);
      else inspection.note(`${path}.id`, `${id} is already the id of terms.coverage[${first}]`);
    }
    inspection.text(`${path}.name`, fields['name']);
    inspectMatch(inspection, `${path}.match`, fields['match']);
    inspection.oneOf(`${path}.outcome`, fields['outcome'], OUTCOMES);
    const limit = fields['includedMinutesPerTicket'];
    if (limit !== undefined) {
      inspection.wholeNumber(`${path}.includedMinutesPerTicket`, limit, 1, MAX_TERM_MINUTES);
      if (fields['outcome'] !== 'included') {
        inspection.note(`${path}.includedMinutesPerTicket`, 'belongs to a rule whose outcome is included');
      }
    }
  });
}

/** Criteria of a rule, a cap or a discount. */
export function inspectMatch(inspection: Inspection, path: string, match: unknown): void {
  const fields = inspection.fields(path, match, CRITERIA);
  if (fields === null) return;
  for (const criterion of CRITERIA) {
    const values = fields[criterion];
    if (values === undefined) continue;
    inspection.texts(`${path}.${criterion}`, values, MAX_CRITERION_VALUES, CLOSED[criterion]);
  }
}
