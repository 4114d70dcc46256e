import { PRIORITIES } from '@billtrail/kernel';
import { SLA_TARGETS } from '../events.js';
import { MAX_CRITERION_VALUES, MAX_TERM_MEMBERS, MAX_TERM_MINUTES } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';
import { inspectBusinessCalendar } from './calendar.js';
import { eachMember } from './charges.js';

export function inspectServiceLevels(inspection: Inspection, path: string, levels: unknown): void {
  const fields = inspection.fields(path, levels, ['policy', 'credits', 'maximumCreditPerPeriod']);
  if (fields === null) return;
  inspectPolicy(inspection, `${path}.policy`, fields['policy']);
  const known = ['id', 'name', 'target', 'priorities', 'credit', 'taxCategory'];
  eachMember(inspection, `${path}.credits`, fields['credits'], known, (at, credit) => {
    inspection.oneOf(`${at}.target`, credit['target'], SLA_TARGETS);
    if (credit['priorities'] !== undefined)
      inspection.texts(`${at}.priorities`, credit['priorities'], MAX_CRITERION_VALUES, PRIORITIES);
    inspectCredit(inspection, `${at}.credit`, credit['credit']);
    inspection.text(`${at}.taxCategory`, credit['taxCategory']);
  });
  if (fields['maximumCreditPerPeriod'] !== undefined)
    inspection.positive(`${path}.maximumCreditPerPeriod`, fields['maximumCreditPerPeriod']);
}

function inspectCredit(inspection: Inspection, path: string, credit: unknown): void {
  const isPercent = typeof credit === 'object' && credit !== null && 'percent' in credit;
  const fields = inspection.fields(path, credit, ['kind', isPercent ? 'percent' : 'amount']);
  if (fields === null) return;
  if (!inspection.oneOf(`${path}.kind`, fields['kind'], ['amount', 'percent-of-recurring'])) return;
  if (fields['kind'] === 'amount') inspection.positive(`${path}.amount`, fields['amount']);
  else inspection.positive(`${path}.percent`, fields['percent'], 100);
}

function inspectPolicy(inspection: Inspection, path: string, policy: unknown): void {
  const known = ['id', 'name', 'calendar', 'targets', 'pausesOnThirdParty', 'warnAtPercent'];
  const fields = inspection.fields(path, policy, known);
  if (fields === null) return;
  inspection.id(`${path}.id`, fields['id']);
  inspection.text(`${path}.name`, fields['name']);
  inspectBusinessCalendar(inspection, `${path}.calendar`, fields['calendar']);
  inspectTargets(inspection, `${path}.targets`, fields['targets']);
  inspection.truth(`${path}.pausesOnThirdParty`, fields['pausesOnThirdParty']);
  let before = 0;
  inspection.list(`${path}.warnAtPercent`, fields['warnAtPercent'], 99).forEach((percent, index) => {
    const at = `${path}.warnAtPercent[${index}]`;
    if (!inspection.wholeNumber(at, percent, 1, 99)) return;
    if (percent <= before) inspection.note(at, `must be more than the ${before} before it`);
    before = percent;
  });
}

function inspectTargets(inspection: Inspection, path: string, targets: unknown): void {
  if (targets === undefined) {
    inspection.note(path, 'is required: an object with each priority, and its response and resolution');
    return;
  }
  if (typeof targets !== 'object' || targets === null || Array.isArray(targets)) {
    inspection.note(path, 'must be an object: a priority, and its response and resolution');
    return;
  }
  const priorities = Object.entries(targets);
  if (priorities.length === 0) inspection.note(path, 'is empty: no priority would have a target');
  const isKnown = (priority: string): boolean => PRIORITIES.some((one) => one === priority);
  for (const [priority] of priorities.filter(([name]) => !isKnown(name)).slice(0, MAX_TERM_MEMBERS))
    inspection.note(`${path}.${priority}`, `is a priority that no ticket has; they are: ${PRIORITIES.join(', ')}`);
  for (const [priority, pair] of priorities.filter(([name]) => isKnown(name))) {
    const at = `${path}.${priority}`;
    const fields = inspection.fields(at, pair, SLA_TARGETS);
    if (fields !== null) inspectTargetPair(inspection, at, fields);
  }
}

/** Both targets are stated, and where one clock counts both, the resolution is not due before the response. */
function inspectTargetPair(inspection: Inspection, at: string, pair: Fields): void {
  const times = SLA_TARGETS.map((target) => {
    const value = pair[target];
    if (value === null) return null;
    if (value === undefined) {
      inspection.note(`${at}.${target}`, 'is required: state a time, or null for best effort');
      return null;
    }
    const fields = inspection.fields(`${at}.${target}`, value, ['minutes', 'clock']);
    if (fields === null) return null;
    const { minutes, clock } = fields;
    const isTime = inspection.wholeNumber(`${at}.${target}.minutes`, minutes, 1, MAX_TERM_MINUTES);
    const isClock = inspection.oneOf(`${at}.${target}.clock`, clock, ['business', 'elapsed']);
    return isTime && isClock ? { minutes, clock } : null;
  });
  const [response, resolution] = times;
  if (!response || !resolution || response.clock !== resolution.clock) return;
  if (resolution.minutes < response.minutes)
    inspection.note(
      `${at}.resolution.minutes`,
      `is ${resolution.minutes}, sooner than the response after ${response.minutes}`,
    );
}
