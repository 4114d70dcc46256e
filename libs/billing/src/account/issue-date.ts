import {
  BUSINESS_DATES,
  type LocalDate,
  type Refusal,
  addDays,
  compareTexts,
  isBusinessDate,
  refuse,
} from '@billtrail/kernel';
import type { IssueDateLimits } from '../configuration-shape.js';

/** `daysBack`: a quarter, which is the longest time that a tax return is mostly for. */
const DEFAULT_ISSUE_DATES = { daysBeforeWork: 31, daysAhead: 31, daysBack: 92 } as const;

/** How far a day of issue may be from the work and from today. */
export function issueDateLimits({ issueDates }: { readonly issueDates?: IssueDateLimits }): Required<IssueDateLimits> {
  return { ...DEFAULT_ISSUE_DATES, ...issueDates };
}

/** What a document's day of issue is measured on. */
export interface IssueDay {
  readonly issueDate: LocalDate;
  /** In the organisation's zone. Absent: nobody looked. */
  readonly today?: LocalDate;
  /** The days of its work, the first days of its charges. */
  readonly suppliedOn: readonly LocalDate[];
  readonly configuration: { readonly issueDates?: IssueDateLimits };
  /** The day of the last number of the series that it is to have one of. Absent or null: none, or nobody looked. */
  readonly seriesReached?: LocalDate | null;
}

/**
 * The day of issue must exist, and be one that business is dated on; neither far before the work nor far from today, nor before the last document of its
 * series.
 */
export function refuseIssueDate({
  issueDate,
  today,
  suppliedOn,
  configuration,
  seriesReached = null,
}: IssueDay): Refusal | null {
  if (!isBusinessDate(issueDate)) {
    return refuse(
      'IssueDateMalformed',
      `${issueDate} is not a day ${BUSINESS_DATES}.`,
      'Give the day of issue as YYYY-MM-DD.',
      { issueDate },
    );
  }
  const { daysBeforeWork, daysAhead, daysBack } = issueDateLimits(configuration);
  const last = suppliedOn.reduce<LocalDate | null>(
    (latest, day) => (latest === null || day > latest ? day : latest),
    null,
  );
  const earliest = last === null ? null : addDays(last, -daysBeforeWork);
  if (last !== null && earliest !== null && issueDate < earliest) {
    return refuse(
      'IssueDateTooEarly',
      `${issueDate} is more than ${daysBeforeWork} days before ${last}, the last day that the document is about.`,
      `Give a day of issue from ${earliest} on (\`issueDate\`), or raise \`issueDates.daysBeforeWork\` in the configuration.`,
      { issueDate, earliest },
    );
  }
  if (seriesReached !== null && issueDate < seriesReached) {
    return refuse(
      'IssueDateTooEarly',
      `${issueDate} is before ${seriesReached}, the day of the last document of the series: numbers follow the days.`,
      `Give a day of issue from ${seriesReached} on (\`issueDate\`).`,
      { issueDate, earliest: seriesReached },
    );
  }
  if (today === undefined) return null;
  const first = addDays(today, -daysBack);
  if (issueDate < first) {
    return refuse(
      'IssueDateTooEarly',
      `${issueDate} is more than ${daysBack} days before today, ${today}.`,
      `Give a day of issue from ${first} on (\`issueDate\`), or raise \`issueDates.daysBack\` in the configuration.`,
      { issueDate, earliest: first },
    );
  }
  const latest = addDays(today, daysAhead);
  if (issueDate <= latest) return null;
  return refuse(
    'IssueDateTooLate',
    `${issueDate} is more than ${daysAhead} days after today, ${today}.`,
    `Give a day of issue until ${latest} (\`issueDate\`), or raise \`issueDates.daysAhead\` in the configuration.`,
    { issueDate, latest },
  );
}

/** A document is not dated before an invoice that it gives money of back, whatever the limits. */
export function refuseBeforeCredited(
  issueDate: LocalDate,
  credited: readonly { readonly invoiceId: string; readonly issueDate: LocalDate }[],
): Refusal | null {
  const [last] = [...credited].sort((a, b) => compareTexts(b.issueDate, a.issueDate));
  if (last === undefined || issueDate >= last.issueDate) return null;
  const { invoiceId, issueDate: earliest } = last;
  return refuse(
    'IssueDateTooEarly',
    `${issueDate} is before ${earliest}, the day of issue of invoice ${invoiceId}, which the document credits.`,
    `Give a day of issue from ${earliest} on (\`issueDate\`).`,
    { issueDate, earliest, invoiceId },
  );
}

/** The day of issue that a command asks for. */
export interface IssueDateAsked {
  readonly issueDate: LocalDate;
  /** False: the command named none, and `issueDate` is today. Absent: it named this one. */
  readonly isDateStated?: boolean;
}

/** The day of issue of a draft: the one that is named now, else the one that it was made for, else today. */
export function dayOfIssue({ issueDate, isDateStated = true }: IssueDateAsked, meantFor: LocalDate | null): LocalDate {
  return isDateStated ? issueDate : (meantFor ?? issueDate);
}

/** A draft that was asked for again with a day of issue that it was not made for. null: it is the same, or none was named. */
export function refuseOtherDayOfDraft(
  invoiceId: string,
  meantFor: LocalDate | null,
  { issueDate, isDateStated = true }: IssueDateAsked,
): Refusal | null {
  if (!isDateStated || issueDate === meantFor) return null;
  return refuse(
    'IssueDateDiffers',
    `Draft ${invoiceId} exists already, ${meantFor === null ? 'made for no day of issue' : `made for issue on ${meantFor}`} and not for ${issueDate}.`,
    'Ask for it without `issueDate` and name the day when it is issued: `issueDate` of POST /v1/invoices/{id}/issue. Or discard it and draft it anew under another id.',
    { invoiceId, meantFor, issueDate },
  );
}

/** A document that was asked for again with another day of issue than it has: it never changes. null: it is the same, or none was named. */
export function refuseOtherDate(
  document: string,
  issuedOn: LocalDate,
  { issueDate, isDateStated = true }: IssueDateAsked,
): Refusal | null {
  if (!isDateStated || issueDate === issuedOn) return null;
  return refuse(
    'IssueDateDiffers',
    `${document} is issued already, dated ${issuedOn} and not ${issueDate}.`,
    `Ask for it without \`issueDate\`, or with ${issuedOn}: an issued document never changes.`,
    { issuedOn, issueDate },
  );
}
