/** Ids of whoever acts without a key, by the account of the machine. */
const ACCOUNT_PREFIX = 'os:';

/** Under which Billtrail itself acts, now or in what was recorded once. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set([
  'approve-by-rule',
  'as-of',
  'carry-out-forgoing',
  'complete-issues',
  'contract-check',
  'contract-plan',
  'history-import',
  'open-months',
  'record-gaps',
  'record-sla',
  'renew-blocks',
  'renew-contracts',
  'silent-approval',
  'split-crossed-merges',
  'system',
  'what-if',
]);

/** No person has it: what is done under it would be taken for what somebody else has done. Whether it is written large or small. */
export function isReserved(personId: string): boolean {
  return isAccount(personId) || OF_THE_SYSTEM.has(personId.toLowerCase());
}

/** An account of the machine, by which somebody acted without a key. */
export function isAccount(actorId: string): boolean {
  return actorId.toLowerCase().startsWith(ACCOUNT_PREFIX);
}
