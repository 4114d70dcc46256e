import { toForgo, whyItWaits, whyLapsed, type Approval, type ApprovalState } from '@billtrail/read-models';
import type { ApprovalTold, WhoMayDecide } from '@billtrail/application';
import { changeText } from './configuration-changes.js';
import { counted, inPlaceOption, money, typed, wrapped } from './output.js';
import { dayText, monthText, personText, timeText, timesOfText } from './words.js';

const LABEL_WIDTH = 14;
const CHANGE_INDENT = '    ';

/** What a request that ended without effect left as it was. */
export function nothingCameOf({ act }: Pick<Approval, 'act'>): string {
  return act === 'configure' ? 'nothing was published' : 'nothing was forgone';
}

const STATE: Readonly<Record<ApprovalState, string>> = {
  waiting: 'waiting for a second person',
  standing: 'agreed, and about to take effect',
  'carried-out': 'carried out',
  'taken-back': 'taken back after it was carried out',
  refused: 'refused',
  withdrawn: 'withdrawn',
  lapsed: 'lapsed',
};

/** A few lines for each request: what it is worth and would do, who asks and why, why it waits, and what to type to see it. */
export function requestsText(items: readonly Approval[], state: ApprovalState): string {
  if (items.length === 0) return `No request to forgo money is ${state}.`;
  const head = `${counted(items.length, 'request')} to forgo money: ${STATE[state]}.`;
  return [head, ...items.map((one) => requestLines(one).join('\n'))].join('\n\n');
}

function requestLines(one: Approval): readonly string[] {
  return [
    ...wrapped(`${isWorth(one) ? `${worth(one)}: ` : ''}${toForgo(one)}${placeOf(one)}`, ''),
    ...wrapped(`asked ${askedBy(one)}`, '  '),
    ...(dayText(one.recordedAt) === dayText(one.requestedAt)
      ? []
      : wrapped(`recorded on ${timeText(one.recordedAt)}`, '  ')),
    ...(one.waitsBecause === null ? [] : wrapped(whyItWaits(one), '  ')),
    ...(becameOf(one) === '' ? [] : wrapped(becameOf(one), '  ')),
    ...typed(`billtrail approvals show ${one.requestId}`),
  ];
}

/** All of one request, each thing under its name, and what may be typed next. */
export function requestText(told: ApprovalTold & WhoMayDecide): string {
  const { requestId, state, forgone, hash, why, you, decidedBy } = told;
  const isWaiting = state === 'waiting';
  const parts = forgone.map(
    ({ ticketId, money: part }) => `${ticketId ?? 'a charge'} ${part === null ? 'not stated' : money(part)}`,
  );
  return [
    ...wrapped(`${personText(told.requestedBy)} asks to ${toForgo(told)}${placeOf(told)}.`, ''),
    '',
    ...(isWorth(told) ? labelled('Worth', `${worth(told)}${parts.length > 1 ? `: ${parts.join(', ')}` : ''}`) : []),
    ...labelled('State', STATE[state]),
    ...labelled('Asked', askedBy(told)),
    ...labelled(
      'Recorded',
      told.recordedAt === told.requestedAt ? '' : `on ${timeText(told.recordedAt)}. ${timesOfText()}`,
    ),
    ...labelled('With', askedText(told)),
    ...changesLines(told),
    ...labelled('Why it waits', why ?? ''),
    ...labelled('Since then', becameOf(told)),
    ...(isWaiting
      ? [
          ...labelled('Who decides', `another person with the role ${listed(decidedBy)}`),
          ...labelled('Who may', whoMay(told) || 'nobody yet who is registered'),
          ...labelled('Until', 'somebody decides, it is withdrawn, or what it is about changes'),
        ]
      : []),
    ...(you === null || you.may ? [] : labelled('You', `can't decide it: ${you.message} ${you.remedy}`)),
    ...(you?.may === true ? decideLines(requestId, hash, you.inPlaceOf) : []),
    ...(isWaiting
      ? ['', 'Whoever asked may take it back:', ...typed(`billtrail approvals withdraw ${requestId} --reason TEXT`)]
      : []),
  ].join('\n');
}

function whoMay({ mayDecide, mayDecideInPlace }: WhoMayDecide): string {
  const delegates = mayDecideInPlace.map(
    ({ personId, inPlaceOf }) => `${personText(personId)} in the place of ${personText(inPlaceOf)}`,
  );
  return [...mayDecide.map(personText), ...delegates].join(', ');
}

function decideLines(requestId: string, hash: string, inPlaceOf: string | null): readonly string[] {
  const inPlace = inPlaceOption(inPlaceOf);
  return [
    '',
    'You may decide it. To approve it:',
    ...typed(`billtrail approvals approve ${requestId} --hash ${hash}`, ...inPlace),
    'To refuse it:',
    ...typed(`billtrail approvals refuse ${requestId} --reason TEXT`, ...inPlace),
  ];
}

/** What loosens rules alone forgoes nothing yet. */
function isWorth({ forgone }: Pick<Approval, 'forgone'>): boolean {
  return forgone.length > 0;
}

function worth({ value }: Pick<Approval, 'value'>): string {
  return value === null ? 'of a value that nobody can state' : money(value);
}

function placeOf({ ticketId, clientId, period, target }: Approval): string {
  const of = [
    ticketId === null || ticketId === target ? null : `ticket ${ticketId}`,
    clientId === null ? null : `client ${clientId}`,
    period === null ? null : monthText(period),
  ].filter((one) => one !== null);
  return of.length === 0 ? '' : `, of ${of.join(', ')}`;
}

function askedBy({ requestedBy, requestedAs, requestedAt, comment }: Approval): string {
  const why = comment === null || comment === '' ? '' : `: ${comment}`;
  return `by ${personText(requestedBy)}, ${requestedAs}, on ${dayText(requestedAt)}${why}`;
}

function becameOf({ approvedBy, approvedAt, endedBy, endedReason, lapse, decidedInPlaceOf }: Approval): string {
  const inPlace = decidedInPlaceOf === null ? '' : ` (for ${personText(decidedInPlaceOf)})`;
  const said = endedReason === null || endedReason === '' ? '' : `: ${endedReason}`;
  return [
    ...(approvedBy === null
      ? []
      : [`approved by ${personText(approvedBy)}${inPlace}${approvedAt === null ? '' : ` on ${dayText(approvedAt)}`}`]),
    ...(lapse === null ? [] : [whyLapsed(lapse)]),
    ...(endedBy === null ? [] : [`ended by ${personText(endedBy)}${approvedBy === null ? inPlace : ''}${said}`]),
  ].join('; ');
}

/** What the command says besides, in words: `minutes 60, reason code goodwill`. Who, what it is about and why stand above. */
function askedText({ asked, comment }: Approval): string {
  const said = Object.entries(asked).filter(
    ([name, value]) => name !== 'type' && !name.endsWith('Id') && (value ?? comment) !== comment,
  );
  return said.map(([name, value]) => `${spelt(name)} ${valueText(value)}`).join(', ');
}

function spelt(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} of them`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('amount' in value && 'currency' in value)
    return money({ amount: String(value.amount), currency: String(value.currency) });
  return 'as the request holds it (--json shows it)';
}

/** What the configuration would state otherwise, a line each; those for which another person has to agree are marked. */
function changesLines({ changes }: ApprovalTold): readonly string[] {
  if (changes === null) return [];
  const lines = changes.flatMap((one) => {
    const [first = '', ...others] = wrapped(changeText(one), CHANGE_INDENT);
    return [one.loosens ? first.replace(CHANGE_INDENT, '  ! ') : first, ...others];
  });
  return ['Changes', ...lines, ...(changes.some(({ loosens }) => loosens) ? ['  ! loosens a rule'] : [])];
}

function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' or ');
}

/** Nothing where there is nothing to say. */
function labelled(label: string, text: string): readonly string[] {
  if (text === '') return [];
  const [first = '', ...others] = wrapped(text, ' '.repeat(LABEL_WIDTH));
  return [`${label.padEnd(LABEL_WIDTH)}${first.trimStart()}`, ...others];
}
