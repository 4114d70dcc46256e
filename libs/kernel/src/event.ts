import type { Instant } from './time.js';

/** A fact, in the past tense. Data is plain JSON; ids, money and times in it are strings. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
  /** Business time: when it happened, which may be long before it was recorded. */
  readonly occurredAt: Instant;
}

export const ROLES = ['client', 'operations', 'support', 'accounts', 'admin', 'system'] as const;
/** The five roles of the domain, and `system` for policies and imports. */
export type Role = (typeof ROLES)[number];

/** Who did it. `id` is an account id, never a name or an address. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
}

/** What arrives with every command: the clock and the caller are inputs, never looked up by the domain. */
export interface Issued {
  readonly at: Instant;
  readonly by: Actor;
}
