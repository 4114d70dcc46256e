import { type Of, PRIORITIES, shape } from '@billtrail/kernel';
import { ALL_GATES_ON, DEFAULT_TICKET_POLICY, GATE_NAMES, type TicketPolicy } from './gates.js';
import type { MaterialWord } from './material-words.js';
import { MINUTES_OF_DAY } from './work-exceptions.js';

const { about, anyOf, anyOfMembers, list, object, oneOf, optional, text, truth, whole } = shape;

const MAX_DAYS = 366;
/** Most days that the work date of recorded work may lie back: ten years. */
const MAX_DAYS_BACK = 3_660;
const MAX_NAMES = 1_000;
const MAX_CODES = 100;

const reasonCode = object({
  code: about('As it is sent: goodwill.', text(100)),
  name: about('As people read it.', text()),
});
const codes = optional(
  list(reasonCode, MAX_CODES, { minItems: 1, errorMessage: 'is empty: no reason could be given' }),
);

const names = anyOf(text(), MAX_NAMES);

const MAX_RULES = 100;
const MAX_RULE_MINUTES = 10_000;

/** Time that is within all bounds of one rule is approved by it, unless a person should look at it. */
const approvalRule = object({
  name: about('Its approvals name it.', text()),
  workTypes: optional(about('By default any.', names)),
  engineerRoles: optional(about('By default any.', names)),
  upToMinutes: about('Longest entry that needs nobody.', whole(1, MAX_RULE_MINUTES)),
  upToMinutesOfDay: optional(
    about('Most minutes of its engineer on the day, with it. By default 1,440.', whole(1, MINUTES_OF_DAY)),
  ),
  withinDays: optional(
    about('Days after the work within which it was recorded or corrected last. By default 7.', whole(0, MAX_DAYS)),
  ),
  withTimesOnly: optional(about('Only entries that say when they began and ended. By default any.', truth)),
});
export type ApprovalRule = Of<typeof approvalRule>;

/** What the organisation says of tickets and of the work on them. */
export const ticketConfiguration = {
  workTypes: optional(about('All names of work types. By default any name is one.', names)),
  engineerRoles: optional(about('All names of roles of engineers. By default any name is one.', names)),
  categories: optional(about('All categories of tickets. By default any name is one.', names)),
  ticketTypes: optional(about('All types of tickets. By default any name is one.', names)),
  priorities: optional(
    about('What people call a priority. By default its own name.', anyOfMembers(PRIORITIES, object({ name: text() }))),
  ),
  gates: optional(
    about('Which gates are on: false lets a ticket pass. By default all are on.', anyOfMembers(GATE_NAMES, truth)),
  ),
  reopenWithinDays: optional(
    about('Days after closing within which a ticket may be reopened. By default 14.', whole(0, MAX_DAYS)),
  ),
  selfApproval: optional(
    about(
      'Whether whoever did or entered work may approve it: refused, or recorded as such. By default refused.',
      oneOf(['refused', 'recorded']),
    ),
  ),
  approvalRules: optional(about('Time that nobody has to approve.', list(approvalRule, MAX_RULES))),
  workDaysBack: optional(
    about('Most days that the work date of new work may lie before today. By default any.', whole(0, MAX_DAYS_BACK)),
  ),
  reasonCodes: optional(
    about(
      'The reason codes that may be given, by what they are the reason of. By default any code.',
      object({ noCharge: codes, writeOff: codes, acceptedGap: codes, credit: codes, rejection: codes }),
    ),
  ),
};

type TicketConfiguration = Of<ReturnType<typeof object<typeof ticketConfiguration>>>;

/** The policy of tickets under a configuration, which beside what it says of tickets has the words that name parts. */
export function ticketPolicyOf({
  gates,
  reopenWithinDays = DEFAULT_TICKET_POLICY.reopenWindowDays,
  selfApproval,
  reasonCodes,
  materialWords,
}: TicketConfiguration & { readonly materialWords: readonly MaterialWord[] }): TicketPolicy {
  const noChargeCodes = reasonCodes?.noCharge?.map(({ code }) => code);
  const rejectionCodes = reasonCodes?.rejection?.map(({ code }) => code);
  return {
    gates: { ...ALL_GATES_ON, ...gates },
    reopenWindowDays: reopenWithinDays,
    materialWords,
    ...(selfApproval === undefined ? {} : { selfApproval }),
    ...(noChargeCodes === undefined ? {} : { noChargeCodes }),
    ...(rejectionCodes === undefined ? {} : { rejectionCodes }),
  };
}
