import { isId } from '@billtrail/kernel';
import { type ClassificationInput, type Priority, withInput } from './classification.js';
import type { About, Decisions } from './decisions.js';
import type { Scope } from './events.js';
import { routeOf } from './next-steps.js';
import { movedWhileMerged } from './merging.js';
import { blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import { isInWork } from './state.js';

/** Corrects the classification at any stage: a contract found late, a wrong client. Absent or null fields keep their value. */
export interface ReclassifyTicket extends About, ClassificationInput {
  readonly type: 'ReclassifyTicket';
  readonly reason?: string | null;
}
export interface ReprioritiseTicket extends About {
  readonly type: 'ReprioritiseTicket';
  readonly priority: Priority;
}
export interface AddNote extends About {
  readonly type: 'AddNote';
  readonly noteId: string;
  readonly text: string;
  readonly visibility: 'internal' | 'client';
}
/** Declares the work of the ticket until now free of charge. Before its resolution; afterwards Accounts can write its work off. */
export interface DeclareNoCharge extends About {
  readonly type: 'DeclareNoCharge';
  readonly reasonCode: string;
  readonly reason: string;
}

/** Operations' answer to work declared out of scope, or to a scope that was declared wrongly. At any stage; a later resolution may ask it again. */
export interface ClassifyScope extends About {
  readonly type: 'ClassifyScope';
  readonly scope: Scope;
  readonly reason: string;
}

export type DescriptionCommand = ReclassifyTicket | ReprioritiseTicket | AddNote | DeclareNoCharge | ClassifyScope;

/** Commands that describe a ticket, at any stage, without moving it. */
export const DESCRIPTIONS: Decisions<DescriptionCommand> = {
  ReclassifyTicket(command, ticket, occurredAt) {
    const { record } = ticket;
    const classification = withInput(record.classification, command);
    const elsewhere = movedWhileMerged(ticket, classification.clientId);
    if (elsewhere !== null) return elsewhere;
    if (sameData(classification, record.classification)) return [];
    return [{ type: 'TicketReclassified', data: { ...classification, reason: command.reason ?? null }, occurredAt }];
  },
  ReprioritiseTicket(command, { record }, occurredAt) {
    if (record.classification.priority === command.priority) return [];
    return [{ type: 'TicketReprioritised', data: { priority: command.priority }, occurredAt }];
  },
  AddNote(command, { record }, occurredAt) {
    const { noteId, text, visibility } = command;
    const blank = blankField({ noteId, text });
    if (blank !== null) return blank;
    if (!isId(noteId)) {
      return no('FieldInvalid', `${noteId} is not a valid note id.`, 'Use letters, digits and . _ ~ : -', {
        field: 'noteId',
      });
    }
    const data = { noteId, author: command.by.id, text, visibility };
    const known = record.notes.get(noteId);
    if (known === undefined) return [{ type: 'NoteAdded', data, occurredAt }];
    if (sameData(known, data)) return [];
    return no('NoteExists', `The ticket has another note with id ${noteId}.`, 'Use another id.', { noteId });
  },
  DeclareNoCharge(command, ticket, occurredAt, { noChargeCodes }) {
    const { reasonCode, reason } = command;
    const blank = blankField({ reasonCode, reason });
    if (blank !== null) return blank;
    const { noCharge, isWorkSinceNoCharge } = ticket.record;
    if (!isWorkSinceNoCharge && noCharge?.reasonCode === reasonCode && noCharge.reason === reason) return [];
    if (!isInWork(ticket) && ticket.stage !== 'request' && ticket.stage !== 'triage') {
      return no(
        'TicketAlreadyResolved',
        "A resolved ticket can't be declared free of charge.",
        `Reopen it: ${routeOf(ticket, 'reopen')}, or ask Accounts to write the work off.`,
        { stage: ticket.stage },
      );
    }
    if (noChargeCodes?.includes(reasonCode) === false) {
      return no(
        'ReasonCodeUnknown',
        `${reasonCode} is no reason code of a declaration of no charge.`,
        `Give one of ${noChargeCodes.join(', ')}.`,
        { reasonCode, known: noChargeCodes },
      );
    }
    return [{ type: 'NoChargeDeclared', data: { reasonCode, reason, declaredBy: command.by.id }, occurredAt }];
  },
  ClassifyScope(command, { record }, occurredAt) {
    const { scope, reason } = command;
    const blank = blankField({ reason });
    if (blank !== null) return blank;
    if (record.scope?.scope === scope && record.scope.reason === reason) return [];
    return [{ type: 'ScopeClassified', data: { scope, reason, classifiedBy: command.by.id }, occurredAt }];
  },
};
