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
type ReasonOf = Exclude<keyof NonNullable<BillingConfiguration['reasonCodes']>, 'noCharge' | 'rejection'>;

/** True for a text that says something and is not too long. */
export function isStated(text: string, limit: number = MAX_COMMENT_LENGTH): boolean {
  return text.trim() !== '' && text.length <= limit;
}

/**
 * The rules of forgoing money (domain.md, "Roles"): a reason code and a comment; nobody decides on their own work. What is above the configured value waits for a
 * second person, who approves it (ADR 20). null: they are kept. Refuses, in this order: ReasonMissing, ReasonCodeUnknown, CommentMissing, OwnWork.
 */
export function refuseForgoing(reasonOf: ReasonOf, forgone: Forgone, by: Issued['by']): Refusal | null {
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
  return refuseOwnWork(forgone, by);
}

/** Nobody forgoes money for their own work, whatever the reason. null: they did none of it. Refuses: OwnWork. */
export function refuseOwnWork({ workBy }: Pick<Forgone, 'workBy'>, by: Issued['by']): Refusal | null {
  if (!workBy.includes(by.id)) return null;
  return refuse(
    'OwnWork',
    `${by.id} did this work and can't decide to forgo money for it.`,
    'Ask somebody else to decide.',
    {
      person: by.id,
    },
  );
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
