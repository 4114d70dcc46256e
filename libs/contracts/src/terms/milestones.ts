import { type LocalDate, type Of, shape } from '@billtrail/kernel';

const { about, filled, object, optional, positive, text } = shape;

/** A part of a project at a fixed price: billed when it was declared reached, at the amount of the version of that day, and never by a date alone. */
export const milestone = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  amount: about('In the currency of the card, net of tax.', positive),
  plannedOn: optional(about('For information: the milestone is billed when it was declared reached.', shape.date)),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type Milestone = Of<typeof milestone>;

/** That a milestone is reached. */
export interface ReachedMilestone {
  readonly milestoneId: string;
  readonly reachedOn: LocalDate;
  /** Who accepted it for the client. */
  readonly acceptedBy: string;
}
