import { Decimal, type Issued, Money, type MoneyJson, type Refusal, refuse } from '@billtrail/kernel';
import type { BillingConfiguration, ValueAtRisk } from './events.js';

/** Longest comment or reason that is accepted. */
export const MAX_COMMENT_LENGTH = 2_000;
/** Longest reason code. */
export const MAX_REASON_CODE_LENGTH = 100;

/** A decision to forgo money: writing work off, accepting a gap. */
export interface Forgone {
  readonly reasonCode: string;
  readonly comment: string;
  readonly secondPerson: string | null;
  /** Account ids of those who did the work. */
  readonly workBy: readonly string[];
  readonly configuration: LimitsOfForgoing;
}

/** What an organisation says of forgoing money. */
export type LimitsOfForgoing = Pick<
  BillingConfiguration,
  'secondPersonAbove' | 'limits' | 'assumedPricePerHour' | 'reasonCodes'
>;

/** What it is a reason of. */
type ReasonOf = Exclude<keyof NonNullable<BillingConfiguration['reasonCodes']>, 'noCharge'>;

/** True for a text that says something and is not too long. */
export function isStated(text: string, limit: number = MAX_COMMENT_LENGTH): boolean {
  return text.trim() !== '' && text.length <= limit;
}

/**
 * The rules of forgoing money (domain.md, "Roles"): a reason code and a comment; nobody decides on their own work; above the
 * configured value a second person, who is not the first and did not do the work. null: they are kept.
 * Refuses, in this order: ReasonMissing, ReasonCodeUnknown, CommentMissing, OwnWork, SecondPersonRequired, SecondPersonSame.
 */
export function refuseForgoing(
  reasonOf: ReasonOf,
  forgone: Forgone,
  value: ValueAtRisk,
  by: Issued['by'],
): Refusal | null {
  if (!isStated(forgone.reasonCode, MAX_REASON_CODE_LENGTH)) {
    return refuse(
      'ReasonMissing',
      'Writing off or accepting a loss needs a reason code.',
      'Give a reason code, such as `goodwill`.',
      {
        longest: MAX_REASON_CODE_LENGTH,
      },
    );
  }
  const known = forgone.configuration.reasonCodes?.[reasonOf]?.map(({ code }) => code);
  if (known?.includes(forgone.reasonCode) === false) {
    return refuse(
      'ReasonCodeUnknown',
      `${forgone.reasonCode} is no reason code of ${WORDS[reasonOf]}.`,
      `Give one of ${known.join(', ')}.`,
      { reasonCode: forgone.reasonCode, known },
    );
  }
  if (!isStated(forgone.comment)) {
    return refuse(
      'CommentMissing',
      'Writing off or accepting a loss needs a comment.',
      'Give the reason, so that an auditor can follow it.',
      {
        longest: MAX_COMMENT_LENGTH,
      },
    );
  }
  // A credit without a value forgoes nothing, and an accepted gap of work without a price comes back to be billed once it has one.
  if (reasonOf !== 'writeOff' && moneyForgone(value, forgone.configuration) === null) return refusePeople(forgone, by);
  return refuseForgoer(forgone, value, by);
}

/**
 * Who may forgo it, whatever the reason: what a courtesy or another price takes off is held to the same limit. What nobody can state the value of needs a second
 * person. null: whoever decided may. Refuses, in this order: OwnWork, SecondPersonRequired, SecondPersonSame.
 */
export function refuseForgoer(
  forgone: Pick<Forgone, 'secondPerson' | 'workBy' | 'configuration'>,
  value: ValueAtRisk,
  by: Issued['by'],
): Refusal | null {
  const refused = refusePeople(forgone, by);
  if (refused !== null || forgone.secondPerson !== null) return refused;
  const limit = limitOf(by, forgone.configuration);
  const why = whyAboveLimit(value, limit, forgone.configuration);
  if (why === null) return null;
  return refuse('SecondPersonRequired', why, 'Name the second person who agrees.', { value: value.money, limit });
}

/** Whoever decides: nobody about their own work, and two are two. */
function refusePeople(
  { secondPerson, workBy }: Pick<Forgone, 'secondPerson' | 'workBy'>,
  by: Issued['by'],
): Refusal | null {
  const own = [by.id, secondPerson].find((id) => id !== null && workBy.includes(id));
  if (own !== undefined) {
    return refuse(
      'OwnWork',
      `${own} did this work and can't decide to forgo money for it.`,
      'Ask somebody else to decide.',
      {
        person: own,
      },
    );
  }
  if (secondPerson === by.id) {
    return refuse('SecondPersonSame', 'The second person must be somebody else.', 'Name another person.', {
      person: by.id,
    });
  }
  return null;
}

const WORDS: Readonly<Record<ReasonOf, string>> = {
  writeOff: 'a write-off',
  acceptedGap: 'an accepted gap',
  credit: 'a credit note',
};

/** What one person of a role may forgo alone, of one ticket and of one client and month. */
export function limitOf(
  { role }: Pick<Issued['by'], 'role'>,
  { limits, secondPersonAbove }: Pick<LimitsOfForgoing, 'limits' | 'secondPersonAbove'>,
): MoneyJson {
  return limits?.[role]?.secondPersonAbove ?? secondPersonAbove;
}

/**
 * Why one person alone may not forgo a value; null: they may. Minutes without a price count at the assumed price of an hour, where one is configured. Money in
 * another currency can't be compared.
 */
function whyAboveLimit(value: ValueAtRisk, above: MoneyJson, configuration: LimitsOfForgoing): string | null {
  const limit = Money.from(above);
  const money = moneyForgone(value, configuration);
  if (money === null) return 'Nobody can state yet what this is worth, so a second person must agree.';
  if (money.currency !== limit.currency)
    return `${money.toString()} can't be compared with the limit of ${limit.toString()}, so a second person must agree.`;
  return money.value.abs().gt(limit.value) ? `Above ${limit.toString()} a second person must agree.` : null;
}

/** The money that a value comes to; minutes without a price count at the assumed price of an hour. null: nobody can state it. */
export function moneyForgone(
  value: ValueAtRisk,
  configuration: Pick<LimitsOfForgoing, 'assumedPricePerHour'>,
): Money | null {
  return value.money === null ? assumedValue(value, configuration) : Money.from(value.money);
}

function assumedValue(value: ValueAtRisk, configuration: Pick<LimitsOfForgoing, 'assumedPricePerHour'>): Money | null {
  if (value.minutes === null || configuration.assumedPricePerHour === null) return null;
  const perHour = Money.from(configuration.assumedPricePerHour);
  return Money.of(perHour.times(value.minutes).value.div(new Decimal(60)), perHour.currency);
}
