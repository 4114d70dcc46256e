import { type Currency, isCurrency } from '@billtrail/kernel';
import { WORK_KINDS } from './events.js';
import { Inspection, type Problem } from './problems.js';

/** Most coverage rules of one contract version: each is tried on every piece of work and named in its trace. */
export const MAX_COVERAGE_RULES = 200;
/** Most labour rates of one rate card. */
export const MAX_LABOUR_RATES = 2_000;
/** Most values that one criterion of a rule lists. */
export const MAX_CRITERION_VALUES = 200;
/** Longest minimum or increment: a day. */
export const MAX_ROUNDING_MINUTES = 1_440;
/** Longest limit of included minutes on one ticket: a year. */
const MAX_INCLUDED_MINUTES = 525_600;

const ROUNDING_SCOPES = ['entry', 'ticket-day', 'ticket'] as const;
const OUTCOMES = ['included', 'billable', 'excluded'] as const;
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

/**
 * Every problem in a contract version's terms, each with its path. Empty: the terms can be published.
 * `clientCurrency` is the client's, where the caller knows it: the rate card must be in it.
 */
export function problemsOfTerms(terms: unknown, clientCurrency: Currency | null): readonly Problem[] {
  const inspection = new Inspection();
  const fields = inspection.fields('terms', terms, ['coverage', 'rateCard']);
  if (fields !== null) {
    inspectCoverage(inspection, fields['coverage']);
    inspectRateCard(inspection, fields['rateCard'], clientCurrency);
  }
  return inspection.problems;
}

function inspectCoverage(inspection: Inspection, coverage: unknown): void {
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
      inspection.wholeNumber(`${path}.includedMinutesPerTicket`, limit, 1, MAX_INCLUDED_MINUTES);
      if (fields['outcome'] !== 'included') {
        inspection.note(`${path}.includedMinutesPerTicket`, 'belongs to a rule whose outcome is included');
      }
    }
  });
}

function inspectMatch(inspection: Inspection, path: string, match: unknown): void {
  const fields = inspection.fields(path, match, CRITERIA);
  if (fields === null) return;
  for (const criterion of CRITERIA) {
    const values = fields[criterion];
    if (values === undefined) continue;
    const at = `${path}.${criterion}`;
    if (Array.isArray(values) && values.length === 0)
      inspection.note(at, 'is empty: it would match nothing; leave it out to match all');
    inspection.list(at, values, MAX_CRITERION_VALUES).forEach((value, index) => {
      if (criterion === 'kinds') inspection.oneOf(`${at}[${index}]`, value, WORK_KINDS);
      else inspection.text(`${at}[${index}]`, value);
    });
  }
}

function inspectRateCard(inspection: Inspection, card: unknown, clientCurrency: Currency | null): void {
  const path = 'terms.rateCard';
  const fields = inspection.fields(path, card, [
    'id',
    'name',
    'currency',
    'labour',
    'minimumMinutes',
    'incrementMinutes',
    'roundingScope',
    'materials',
    'expenses',
    'taxCategories',
  ]);
  if (fields === null) return;
  inspection.id(`${path}.id`, fields['id']);
  inspection.text(`${path}.name`, fields['name']);
  inspectCurrency(inspection, `${path}.currency`, fields['currency'], clientCurrency);
  inspectLabour(inspection, `${path}.labour`, fields['labour']);
  inspection.wholeNumber(`${path}.minimumMinutes`, fields['minimumMinutes'], 0, MAX_ROUNDING_MINUTES);
  inspection.wholeNumber(`${path}.incrementMinutes`, fields['incrementMinutes'], 1, MAX_ROUNDING_MINUTES);
  inspection.oneOf(`${path}.roundingScope`, fields['roundingScope'], ROUNDING_SCOPES);
  inspectMaterials(inspection, `${path}.materials`, fields['materials']);
  const expenses = inspection.fields(`${path}.expenses`, fields['expenses'], ['markupPercent']);
  if (expenses !== null) inspection.decimal(`${path}.expenses.markupPercent`, expenses['markupPercent']);
  const categories = inspection.fields(`${path}.taxCategories`, fields['taxCategories'], WORK_KINDS);
  if (categories === null) return;
  for (const kind of WORK_KINDS) inspection.text(`${path}.taxCategories.${kind}`, categories[kind]);
}

function inspectCurrency(
  inspection: Inspection,
  path: string,
  currency: unknown,
  clientCurrency: Currency | null,
): void {
  if (typeof currency !== 'string' || !isCurrency(currency)) {
    inspection.note(path, 'must be an ISO 4217 code, such as AUD');
  } else if (clientCurrency !== null && currency !== clientCurrency) {
    inspection.note(path, `is ${currency}, but the client is invoiced in ${clientCurrency}`);
  }
}

function inspectLabour(inspection: Inspection, path: string, labour: unknown): void {
  const firstByKey = new Map<string, number>();
  inspection.list(path, labour, MAX_LABOUR_RATES).forEach((rate, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, rate, ['workType', 'engineerRole', 'pricePerHour']);
    if (fields === null) return;
    inspection.text(`${at}.workType`, fields['workType']);
    inspection.textOrNull(`${at}.engineerRole`, fields['engineerRole']);
    inspection.decimal(`${at}.pricePerHour`, fields['pricePerHour']);
    const key = JSON.stringify([fields['workType'], fields['engineerRole']]);
    const first = firstByKey.get(key);
    if (first === undefined) firstByKey.set(key, index);
    else inspection.note(at, `has the same work type and role as ${path}[${first}]`);
  });
}

function inspectMaterials(inspection: Inspection, path: string, materials: unknown): void {
  const fields = inspection.fields(path, materials, ['pricing', 'markupPercent']);
  if (fields === null || !inspection.oneOf(`${path}.pricing`, fields['pricing'], ['list', 'cost-plus'])) return;
  if (fields['pricing'] === 'cost-plus') inspection.decimal(`${path}.markupPercent`, fields['markupPercent']);
  else if (fields['markupPercent'] !== undefined)
    inspection.note(`${path}.markupPercent`, 'belongs to cost-plus pricing');
}
