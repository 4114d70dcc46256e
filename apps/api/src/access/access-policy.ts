import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { ROLES, type Role } from '@billtrail/kernel';

export const ACCESS_POLICY = 'billtrail:access';
/** In the document: the roles that may use an operation. Without it anybody may. */
export const DOCUMENTED_ROLES = 'x-roles';

/** Who may use a route: everyone, or the roles named. A route without a policy answers nobody (access.guard.ts). */
export type AccessPolicy = 'public' | readonly Role[];

/** A route that is posted to and records nothing: a key that only reads may send it. */
export const RECORDS_NOTHING = 'billtrail:records-nothing';

export const TELLS_NOTHING_PERSONAL = 'billtrail:tells-nothing-personal';

/** What it answers holds nothing of a person: figures, and ids. Every other answer to a question is kept in the record of who asked. */
export const TellsNothingPersonal = () => SetMetadata(TELLS_NOTHING_PERSONAL, true);

/** Open to everyone: health, documentation. */
export const Public = () => SetMetadata(ACCESS_POLICY, 'public' satisfies AccessPolicy);

/** Open to these roles and to `admin`. A command may ask for more in its definition. */
export const For = (...roles: Role[]) =>
  applyDecorators(
    SetMetadata(ACCESS_POLICY, roles satisfies AccessPolicy),
    ApiExtension(DOCUMENTED_ROLES, [...roles, ...(roles.includes('admin') ? [] : ['admin'])]),
  );

export const OPEN_TO_DELEGATES = 'billtrail:open-to-delegates';

/** Open besides to people of the house who decide in the place of others: what is asked says in whose, and the command looks whether they do. */
export const OpenToDelegates = () => SetMetadata(OPEN_TO_DELEGATES, true);

/** Open to whoever is signed in, whatever their role. */
export const ForAll = () => For(...ROLES.filter((role) => role !== 'system'));
