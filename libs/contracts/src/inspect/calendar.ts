import { WEEKDAYS } from '@billtrail/kernel';
import { MAX_HOLIDAYS, MAX_INTERVALS_PER_DAY } from '../limits.js';
import type { Fields, Inspection } from '../problems.js';

/** Which rate class a moment has under a contract. */
export function inspectRateCalendar(inspection: Inspection, path: string, calendar: unknown): void {
  const fields = inspection.fields(path, calendar, [...CLASS_CALENDAR, 'holidays']);
  if (fields === null) return;
  inspectClassHours(inspection, path, fields);
  inspectHolidays(inspection, `${path}.holidays`, fields['holidays']);
}

/** The class hours of a site, a client or the organisation: their holidays stand beside them. */
export function inspectClassCalendar(inspection: Inspection, path: string, calendar: unknown): void {
  const fields = inspection.fields(path, calendar, CLASS_CALENDAR);
  if (fields !== null) inspectClassHours(inspection, path, fields);
}

/** Dated days, each once, whole or from a time of day to another. */
export function inspectHolidays(inspection: Inspection, path: string, holidays: unknown): void {
  const days = inspection.list(path, holidays, MAX_HOLIDAYS).map((holiday, index) => {
    const at = `${path}[${index}]`;
    const known = inspection.fields(at, holiday, ['date', 'name', 'from', 'to']);
    if (known === null) return null;
    inspection.text(`${at}.name`, known['name']);
    inspectPartOfDay(inspection, at, known);
    return inspection.date(`${at}.date`, known['date']) ? known['date'] : null;
  });
  inspectRepeats(inspection, path, days);
}

function inspectPartOfDay(inspection: Inspection, path: string, { from, to }: Fields): void {
  const isSound = [
    from === undefined || inspection.clockTime(`${path}.from`, from),
    to === undefined || inspection.clockTime(`${path}.to`, to),
  ];
  if (isSound.includes(false)) return;
  const begins = typeof from === 'string' ? from : '00:00';
  const ends = typeof to === 'string' ? to : '24:00';
  if (begins >= ends) inspection.note(path, `ends at ${ends}, not after it begins at ${begins}`);
}

const CLASS_CALENDAR = ['hours', 'outside', 'weekendDays'];

function inspectClassHours(inspection: Inspection, path: string, fields: Fields): void {
  inspectWeek(inspection, `${path}.hours`, fields['hours'], true);
  if (fields['outside'] !== undefined) {
    const classes = ['weekday', 'weekend', 'holiday'];
    const outside = inspection.fields(`${path}.outside`, fields['outside'], classes);
    if (outside !== null) for (const one of classes) inspection.text(`${path}.outside.${one}`, outside[one]);
  }
  const weekend = fields['weekendDays'];
  // Somewhere there is no weekend: an empty list says so.
  if (weekend !== undefined && !(Array.isArray(weekend) && weekend.length === 0))
    inspection.texts(`${path}.weekendDays`, weekend, WEEKDAYS.length, WEEKDAYS);
}

/** The hours in which SLA clocks run, as the kernel's calendar takes them: what passes here never makes it throw. */
export function inspectBusinessCalendar(inspection: Inspection, path: string, calendar: unknown): void {
  const fields = inspection.fields(path, calendar, ['timeZone', 'openingHours', 'holidays']);
  if (fields === null) return;
  inspection.timeZone(`${path}.timeZone`, fields['timeZone']);
  const isOpen = inspectWeek(inspection, `${path}.openingHours`, fields['openingHours'], false);
  if (!isOpen) inspection.note(`${path}.openingHours`, 'never opens: no business minute would ever pass');
  const days = inspection
    .list(`${path}.holidays`, fields['holidays'], MAX_HOLIDAYS)
    .map((day, index) => (inspection.date(`${path}.holidays[${index}]`, day) ? day : null));
  inspectRepeats(inspection, `${path}.holidays`, days);
}

function inspectRepeats(inspection: Inspection, path: string, days: readonly (string | null)[]): void {
  const first = new Map<string, number>();
  days.forEach((day, index) => {
    if (day === null) return;
    const before = first.get(day);
    if (before === undefined) first.set(day, index);
    else inspection.note(`${path}[${index}]`, `${day} is already ${path}[${before}]`);
  });
}

/** True if at least one weekday lists hours. */
function inspectWeek(inspection: Inspection, path: string, week: unknown, withClass: boolean): boolean {
  const fields = inspection.fields(path, week, WEEKDAYS);
  if (fields === null) return true;
  let isOpen = false;
  for (const weekday of WEEKDAYS) {
    const hours = fields[weekday];
    if (hours === undefined) continue;
    isOpen = inspectDay(inspection, `${path}.${weekday}`, hours, withClass) || isOpen;
  }
  return isOpen;
}

function inspectDay(inspection: Inspection, path: string, hours: unknown, withClass: boolean): boolean {
  const known = withClass ? ['opens', 'closes', 'rateClass'] : ['opens', 'closes'];
  const intervals = inspection.list(path, hours, MAX_INTERVALS_PER_DAY);
  let closed = '00:00';
  intervals.forEach((interval, index) => {
    const at = `${path}[${index}]`;
    const fields = inspection.fields(at, interval, known);
    if (fields === null) return;
    if (fields['rateClass'] !== undefined && withClass) inspection.text(`${at}.rateClass`, fields['rateClass']);
    const { opens, closes } = fields;
    const isSound = [inspection.clockTime(`${at}.opens`, opens), inspection.clockTime(`${at}.closes`, closes)];
    if (isSound.includes(false) || typeof opens !== 'string' || typeof closes !== 'string') return;
    if (opens >= closes) inspection.note(at, `closes at ${closes}, not after it opens at ${opens}`);
    else if (opens < closed)
      inspection.note(at, `begins at ${opens}, before the hours listed earlier end at ${closed}`);
    if (closes > closed) closed = closes;
  });
  return intervals.length > 0;
}
