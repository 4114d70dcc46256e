import { BUSINESS_DATES, type LocalDate, type Refusal, isBusinessDate, refuse } from '@billtrail/kernel';

/** The day of issue must exist, and be one that business is dated on. */
export function refuseIssueDate(issueDate: LocalDate): Refusal | null {
  if (isBusinessDate(issueDate)) return null;
  return refuse(
    'IssueDateMalformed',
    `${issueDate} is not a day ${BUSINESS_DATES}.`,
    'Give the day of issue as YYYY-MM-DD.',
    { issueDate },
  );
}
