import type { Currency } from '@billtrail/kernel';
import { WORK_KINDS } from '../events.js';
import { MAX_CRITERION_VALUES, MAX_LABOUR_RATES, MAX_ROUNDING_MINUTES, MAX_TERM_MEMBERS } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';
import type { ExpenseTypeRate } from '../terms/rate-card.js';
import { SCOPES, inspectWorkTypes } from './work-types.js';

const VISITS_BY = ['engineer', 'crew'] as const;

export function inspectRateCard(inspection: Inspection, card: unknown, clientCurrency: Currency | null): void {
  const path = 'terms.rateCard';
  const fields = inspection.fields(path, card, [
    'id',
    'name',
    'currency',
    'labour',
    'workTypes',
    'rateClassMultipliers',
    'minimumMinutes',
    'incrementMinutes',
    'roundingRules',
    'roundingScope',
    'visitBy',
    'materials',
    'expenses',
    'taxCategories',
  ]);
  if (fields === null) return;
  inspection.id(`${path}.id`, fields['id']);
  inspection.text(`${path}.name`, fields['name']);
  inspectCurrency(inspection, `${path}.currency`, fields['currency'], clientCurrency);
  inspectLabour(inspection, `${path}.labour`, fields['labour']);
  if (fields['workTypes'] !== undefined) inspectWorkTypes(inspection, `${path}.workTypes`, fields['workTypes']);
  if (fields['rateClassMultipliers'] !== undefined)
    inspectMultipliers(inspection, `${path}.rateClassMultipliers`, fields['rateClassMultipliers']);
  inspection.wholeNumber(`${path}.minimumMinutes`, fields['minimumMinutes'], 0, MAX_ROUNDING_MINUTES);
  inspection.wholeNumber(`${path}.incrementMinutes`, fields['incrementMinutes'], 1, MAX_ROUNDING_MINUTES);
  if (fields['roundingRules'] !== undefined)
    inspectRoundingRules(inspection, `${path}.roundingRules`, fields['roundingRules']);
  inspection.oneOf(`${path}.roundingScope`, fields['roundingScope'], SCOPES);
  if (fields['visitBy'] !== undefined) inspection.oneOf(`${path}.visitBy`, fields['visitBy'], VISITS_BY);
  inspectMaterials(inspection, `${path}.materials`, fields['materials']);
  inspectExpenses(inspection, `${path}.expenses`, fields['expenses']);
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
  if (inspection.currency(path, currency) && clientCurrency !== null && currency !== clientCurrency)
    inspection.note(path, `is ${currency}, but the client is invoiced in ${clientCurrency}`);
}

function inspectLabour(inspection: Inspection, path: string, labour: unknown): void {
  const firstByKey = new Map<string, number>();
  inspection.list(path, labour, MAX_LABOUR_RATES).forEach((rate, index) => {
    const at = `${path}[${index}]`;
    const known = ['workType', 'engineerRole', 'rateClass', 'pricePerHour', 'priceMinutes'];
    const fields = inspection.fields(at, rate, known);
    if (fields === null) return;
    inspection.textOrNull(`${at}.workType`, fields['workType']);
    inspection.textOrNull(`${at}.engineerRole`, fields['engineerRole']);
    if (fields['rateClass'] !== undefined) inspection.text(`${at}.rateClass`, fields['rateClass']);
    inspection.decimal(`${at}.pricePerHour`, fields['pricePerHour']);
    if (fields['priceMinutes'] !== undefined)
      inspection.wholeNumber(`${at}.priceMinutes`, fields['priceMinutes'], 1, MAX_ROUNDING_MINUTES);
    const key = JSON.stringify([fields['workType'], fields['engineerRole'], fields['rateClass']]);
    const first = firstByKey.get(key);
    if (first === undefined) firstByKey.set(key, index);
    else inspection.note(at, `has the same work type, role and rate class as ${path}[${first}]`);
  });
}

function inspectMultipliers(inspection: Inspection, path: string, multipliers: unknown): void {
  const firstByClass = new Map<unknown, number>();
  inspection.list(path, multipliers, MAX_TERM_MEMBERS).forEach((multiplier, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, multiplier, ['rateClass', 'multiplier']);
    if (fields === null) return;
    inspection.positive(`${at}.multiplier`, fields['multiplier']);
    if (!inspection.text(`${at}.rateClass`, fields['rateClass'])) return;
    const first = firstByClass.get(fields['rateClass']);
    if (first === undefined) firstByClass.set(fields['rateClass'], index);
    else inspection.note(`${at}.rateClass`, `has its multiplier in ${path}[${first}] already`);
  });
}

function inspectRoundingRules(inspection: Inspection, path: string, rules: unknown): void {
  inspection.list(path, rules, MAX_TERM_MEMBERS).forEach((rule, index) => {
    const at = `${path}[${index}]`;
    const known = ['workTypes', 'rateClasses', 'minimumMinutes', 'incrementMinutes', 'roundingScope'];
    const fields = inspection.fields(at, rule, known);
    if (fields === null) return;
    for (const criterion of ['workTypes', 'rateClasses'] as const) {
      if (fields[criterion] !== undefined)
        inspection.texts(`${at}.${criterion}`, fields[criterion], MAX_CRITERION_VALUES);
    }
    const { minimumMinutes: minimum, incrementMinutes: increment, roundingScope: scope } = fields;
    if (minimum !== undefined) inspection.wholeNumber(`${at}.minimumMinutes`, minimum, 0, MAX_ROUNDING_MINUTES);
    if (increment !== undefined) inspection.wholeNumber(`${at}.incrementMinutes`, increment, 1, MAX_ROUNDING_MINUTES);
    if (scope !== undefined) inspection.oneOf(`${at}.roundingScope`, scope, SCOPES);
    if (minimum === undefined && increment === undefined && scope === undefined)
      inspection.note(at, 'changes nothing: state minimumMinutes, incrementMinutes or roundingScope');
  });
}

function inspectMaterials(inspection: Inspection, path: string, materials: unknown): void {
  const fields = inspection.fields(path, materials, ['pricing', ...ON_COST]);
  if (fields === null || !inspection.oneOf(`${path}.pricing`, fields['pricing'], ['list', 'cost-plus'])) return;
  if (fields['pricing'] === 'cost-plus') inspectOnCost(inspection, path, fields);
  else
    for (const name of ON_COST)
      if (fields[name] !== undefined) inspection.note(`${path}.${name}`, 'belongs to cost-plus pricing');
}

const ON_COST = ['markupPercent', 'marginPercent'] as const;

function inspectOnCost(inspection: Inspection, path: string, fields: Fields): void {
  const { markupPercent, marginPercent } = fields as Record<(typeof ON_COST)[number], unknown>;
  if (marginPercent === undefined) {
    inspection.decimal(`${path}.markupPercent`, markupPercent);
    return;
  }
  if (inspection.decimal(`${path}.marginPercent`, marginPercent) && Number(marginPercent) >= 100)
    inspection.note(`${path}.marginPercent`, 'must be below 100: a margin is a share of the price');
  if (markupPercent !== undefined)
    inspection.note(`${path}.markupPercent`, 'stands beside marginPercent: state one of them');
}

function inspectExpenses(inspection: Inspection, path: string, expenses: unknown): void {
  const fields = inspection.fields(path, expenses, [...ON_COST, 'types']);
  if (fields === null) return;
  inspectOnCost(inspection, path, fields);
  if (fields['types'] === undefined) return;
  const seen = new Set<unknown>();
  inspection.list(`${path}.types`, fields['types'], MAX_TERM_MEMBERS).forEach((member, index) => {
    const at = `${path}.types[${index}]`;
    const one = inspection.fields(at, member, ['type', 'pricePerUnit', 'capPerUnit']);
    if (one === null) return;
    const { type, pricePerUnit, capPerUnit } = one as Record<keyof ExpenseTypeRate, unknown>;
    if (inspection.text(`${at}.type`, type)) {
      if (seen.has(type)) inspection.note(`${at}.type`, `${type} stands in the list already`);
      seen.add(type);
    }
    if (pricePerUnit !== undefined) inspection.positive(`${at}.pricePerUnit`, pricePerUnit);
    if (capPerUnit !== undefined) inspection.positive(`${at}.capPerUnit`, capPerUnit);
    if ((pricePerUnit === undefined) === (capPerUnit === undefined))
      inspection.note(at, 'must state pricePerUnit or capPerUnit, one of them');
  });
}
