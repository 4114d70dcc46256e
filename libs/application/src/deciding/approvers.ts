import type { ForgoingAct, Role } from '@billtrail/kernel';

/** The roles, besides `admin`, of which a second person approves or refuses what waits: documents and prices are decided by accounts alone. */
const APPROVERS: Readonly<Record<ForgoingAct, readonly Role[]>> = {
  'accept-gap': ['operations', 'accounts'],
  'write-off': ['accounts'],
  credit: ['accounts'],
  courtesy: ['accounts'],
  'price-override': ['accounts'],
  'void-work': ['operations', 'accounts'],
  'correct-work': ['operations', 'accounts'],
  'reject-work': ['operations', 'accounts'],
  'no-charge': ['operations', 'accounts'],
  reclassify: ['operations', 'accounts'],
  'back-date': ['accounts'],
  configure: ['accounts'],
};

export function approversOf(act: ForgoingAct): readonly Role[] {
  return [...APPROVERS[act], 'admin'];
}

/** The acts of which a role approves or refuses what waits. */
export function actsDecidedBy(role: Role): readonly ForgoingAct[] {
  return (Object.keys(APPROVERS) as ForgoingAct[]).filter((act) => approversOf(act).includes(role));
}
