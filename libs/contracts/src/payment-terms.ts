import { type LocalDate, addDays, daysOf, monthOf, monthsLater, unreachable } from '@billtrail/kernel';
import type { PaymentTerms } from './terms/payment-terms.js';

/** The day on which a document that is issued on this day is due. */
export function dueDateOf(terms: PaymentTerms, issueDate: LocalDate): LocalDate {
  switch (terms.due) {
    case 'on-receipt':
      return issueDate;
    case 'net':
      return addDays(issueDate, terms.days);
    case 'end-of-month':
      return addDays(daysOf(monthOf(issueDate)).last, terms.days);
    case 'day-of-next-month': {
      const { first, last } = daysOf(monthsLater(monthOf(issueDate), 1));
      const day = addDays(first, terms.day - 1);
      return day > last ? last : day;
    }
    default:
      return unreachable(terms);
  }
}

/** As a document words them. */
export function paymentTermsInWords(terms: PaymentTerms): string {
  switch (terms.due) {
    case 'on-receipt':
      return 'Due on receipt';
    case 'net':
      return `Due ${daysAfter(terms.days)} the date of issue`;
    case 'end-of-month':
      return terms.days === 0
        ? 'Due at the end of the month of issue'
        : `Due ${daysAfter(terms.days)} the end of the month of issue`;
    case 'day-of-next-month':
      return dayOfNextMonth(terms.day);
    default:
      return unreachable(terms);
  }
}

/** In a month without such a day it is the last one. */
function dayOfNextMonth(day: number): string {
  if (day === 31) return 'Due on the last day of the month after issue';
  const ending = Math.floor(day / 10) === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `Due on the ${day}${ending} of the month after issue${day > 28 ? ', or its last day' : ''}`;
}

function daysAfter(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'} after`;
}
