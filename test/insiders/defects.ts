import { isRefusal, Money } from '@billtrail/kernel';
import { commandDefinitions, type CommandDefinition } from '@billtrail/application/testing';
import type { House } from '../laws/kit/house.js';
import { tell, type Defect, type RoleTried } from './insider.js';
import { LIMIT, type World } from './world.js';

/** The definitions, one of them otherwise. */
function withDefinition(name: string, change: (one: CommandDefinition) => CommandDefinition): Defect {
  return { definitions: commandDefinitions.map((one) => (one.command.name === name ? change(one) : one)) };
}

/** It is recorded at once: no request, and no verdict. */
const withoutVerdict = (name: string): Defect =>
  withDefinition(name, (one) => {
    const { forgoes: _verdict, ...rest } = one;
    return rest;
  });

/** Who must not decide may, where they are refused for one of these reasons. */
const letsDecide = (...codes: readonly string[]): Defect =>
  withDefinition('ApproveForgoingRequest', (one) => ({
    ...one,
    prepare: async (command, context, ports, loaded) => {
      const judged = await one.prepare?.(command, context, ports, loaded);
      if (judged === undefined || isRefusal(judged)) return judged ?? command;
      const { refused } = judged as { readonly refused: { readonly code: string } | null };
      return refused !== null && codes.includes(refused.code) ? { ...judged, refused: null } : judged;
    },
  }));

/** Each act is held to the limit by itself: what stands beside it is forgotten. */
function sumsNothing(house: House): void {
  const { approvals } = house.billtrail.models;
  const judgedNow = approvals.judgedNow.bind(approvals);
  Object.assign(approvals, {
    judgedNow: (requestId: string) => {
      const judged = judgedNow(requestId);
      if (judged === null || isRefusal(judged) || judged.waitsBecause?.because !== 'above-limit') return judged;
      const isWithin = judged.value !== null && Money.from(judged.value).compare(Money.from(LIMIT)) <= 0;
      return isWithin && judged.state === 'waiting' ? { ...judged, state: 'standing' } : judged;
    },
  });
}

/** A defect, by whom it is used, and what the finding says. */
interface Planted {
  readonly defect: Defect;
  readonly role: RoleTried;
  readonly finding: string;
}

const GONE = 'went out of sight';

export const DEFECTS: Readonly<Record<string, Planted>> = {
  'voids without a verdict': { defect: withoutVerdict('VoidTimeEntry'), role: 'operations', finding: GONE },
  'corrects without a verdict': { defect: withoutVerdict('CorrectMaterialUsage'), role: 'support', finding: GONE },
  'writes off without a verdict': {
    defect: withoutVerdict('WriteOffWork'),
    role: 'accounts',
    finding: 'nobody asked for it',
  },
  'back-dates terms without a verdict': {
    defect: withoutVerdict('PublishContractVersion'),
    role: 'accounts',
    finding: GONE,
  },
  'splits tickets without a verdict': {
    // As often tried as any act that forgoes money.
    defect: withDefinition('SplitTicket', (one) =>
      one.forgoes === undefined ? one : { ...one, forgoes: { ...one.forgoes, of: () => null } },
    ),
    role: 'operations',
    finding: GONE,
  },
  'loosens rules without a verdict': {
    // As often tried as any act that forgoes money.
    defect: withDefinition('PublishConfiguration', (one) =>
      one.forgoes === undefined ? one : { ...one, forgoes: { ...one.forgoes, of: () => null } },
    ),
    role: 'admin',
    finding: 'alone let',
  },
  'lets who asked approve': { defect: letsDecide('OwnRequest'), role: 'operations', finding: 'is the same person' },
  'lets whom they re-keyed approve': {
    defect: letsDecide('KeyedByRequester'),
    role: 'admin',
    finding: 'may be them, by a key they made',
  },
  'takes each act by itself': {
    defect: { spoil: sumsNothing },
    role: 'operations',
    finding: "one person's word forgoes",
  },
};

/** A defect is found in so many sequences at most. */
const TRIES = 80;
const STEPS = 10;

/** Whether sequences come to the finding of a defect, and to no other before. */
export async function isFound(world: World, name: string): Promise<boolean> {
  const planted = DEFECTS[name];
  if (planted === undefined) return false;
  const { defect, role, finding } = planted;
  for (let seed = 0; seed < TRIES; seed++) {
    const told = await tell(world, [{ role, isColluding: false, seed, steps: STEPS }], new Map(), defect);
    if (told.length > 0) return told.some((line) => line.includes(finding));
  }
  return false;
}
