import { shape } from '@billtrail/kernel';
import { INVOICE_GROUPINGS } from './invoice-grouping.js';
import { CLIENT_TAX_TREATMENTS } from './tax-treatment.js';
import { statedCalendar, statedHolidays } from './terms/rate-calendar.js';
import { paymentTerms } from './terms/payment-terms.js';
import { siteTravel } from './terms/travel.js';

const { about, id, nullable, oneOf, text, timeZone } = shape;

const address = nullable(text(1_000));

/** The details of a client. */
export const clientDetails = {
  name: text(),
  currency: shape.currency,
  timeZone: about("The client's days and billing periods are days and months in this zone.", timeZone),
  taxId: about('ABN or VAT id.', nullable(text(30))),
  address,
  taxExemption: about(
    'The legal reason, if supplies bear no tax by default. A tax category that states its treatment is not concerned.',
    nullable(text(shape.MAX_LINE)),
  ),
  taxTreatment: about('Which treatment that is; by default `gst-free`.', nullable(oneOf(CLIENT_TAX_TREATMENTS))),
  calendar: about('Class hours of work, where contract and site state none.', statedCalendar),
  holidays: about("Holidays of work, where its site states none; by default the organisation's.", statedHolidays),
  paymentTerms: about(
    "When documents are due, where their contracts don't say; by default as the organisation's configuration says.",
    paymentTerms,
  ),
  invoices: about(
    "One invoice of all that can go on one, or one for each contract or site; by default as the organisation's configuration says.",
    oneOf(INVOICE_GROUPINGS),
  ),
  billTo: about(
    'The client that receives and pays the documents, where neither contract nor site says; by default this client.',
    nullable(id),
  ),
};

/** The details of a site. What is null is that of the client. */
export const siteDetails = {
  name: text(),
  address,
  timeZone: about(
    "Days, months and hours of work at the site are those of this zone; by default the client's.",
    nullable(timeZone),
  ),
  calendar: about(
    "Class hours of work at the site, where the contract states none; by default the client's.",
    nullable(statedCalendar),
  ),
  holidays: about(
    "Holidays at the site, each with date and name, a part of a day with `from` and `to`; by default the client's.",
    nullable(statedHolidays),
  ),
  travel: about('The way there, which travel terms charge for; one way.', siteTravel),
  billTo: about('The client that receives and pays for work here, where the contract names none.', nullable(id)),
};
