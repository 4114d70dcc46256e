import { IsEmail, IsOptional, MaxLength } from 'class-validator';
import { ROLES, shape, type Role } from '@billtrail/kernel';
import { Field, IsAnId, IsTrueOrFalse, MayBeLeftOut } from '../commands/fields.js';

/** Roles of people. `system` is for policies and imports. */
export const ROLES_OF_PEOPLE = ROLES.filter((role) => role !== 'system');

/** Parts of the API that a key may be limited to, by the part of their paths after the version. */
export const SCOPES = [
  'access-record',
  'approvals',
  'billable-items',
  'bulk-jobs',
  'charges',
  'clients',
  'configuration',
  'contracts',
  'credit-notes',
  'delegations',
  'gaps',
  'invoices',
  'keys',
  'parked-streams',
  'persons',
  'prepaid',
  'reconciliation',
  'sla',
  'tickets',
  'unpriced-work',
  'what-if',
] as const;

const MAX_EMAIL = 254;
const MAX_RATE = 100_000;
export const MAX_DAYS_OF_KEY = 730;
export const DAYS_OF_KEY = 365;

const AreRoles = (least: 0 | 1) =>
  Field(shape.list(shape.oneOf(ROLES_OF_PEOPLE), ROLES_OF_PEOPLE.length, { minItems: least, uniqueItems: true }));

/** A person, who gets no key by this. */
export class RegisterPerson {
  /** The actor of what they do, in the log for good: take no name. Made where it is left out. */
  @MayBeLeftOut()
  @IsAnId()
  personId?: string;
  @Field(shape.text(shape.MAX_NAME))
  name: string;
  @MayBeLeftOut()
  @IsEmail()
  @MaxLength(MAX_EMAIL)
  email?: string;
  /** Which their keys may have. A client's user has the role client alone. */
  @AreRoles(1)
  roles: Role[];
  /** Whose user they are. Only for the role client. */
  @MayBeLeftOut()
  @IsAnId()
  clientId?: string;
}

/** What is left out stays as it is. */
export class ChangePerson {
  @MayBeLeftOut()
  @Field(shape.text(shape.MAX_NAME))
  name?: string;
  /** null: they have none any more. */
  @IsOptional()
  @IsEmail()
  @MaxLength(MAX_EMAIL)
  email?: string | null;
  /** Keys with a role that is not among them are revoked. None: they may do nothing any more. */
  @MayBeLeftOut()
  @AreRoles(0)
  roles?: Role[];
}

/** A key of a person. It is shown once, in the answer. */
export class MakeKey {
  /** One of the person's. */
  @Field(shape.oneOf(ROLES_OF_PEOPLE))
  role: Role;
  /** It records nothing. */
  @IsTrueOrFalse()
  readOnly: boolean = false;
  /** The only parts of the API that it reaches, by the part of their paths after the version: ["tickets"]. Left out: all that the role may. */
  @MayBeLeftOut()
  @Field(shape.list(shape.oneOf(SCOPES), SCOPES.length, { minItems: 1, uniqueItems: true }))
  scope?: string[];
  /** Requests that it may send in a minute. Left out: as many as it likes. */
  @MayBeLeftOut()
  @Field(shape.whole(1, MAX_RATE))
  ratePerMinute?: number;
  /** Days until it expires. */
  @Field(shape.whole(1, MAX_DAYS_OF_KEY))
  expiresInDays: number = DAYS_OF_KEY;
}

/** What takes the place of a key is as it was. */
export class RotateKey {}

/** For good. */
export class RevokeKey {}
