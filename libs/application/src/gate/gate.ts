import { refuse, type Refusal } from '@billtrail/kernel';
import { PositionUnknown, START, StoreUnavailable, type EventStore, type Position } from '@billtrail/event-store';
import {
  VaultUnavailable,
  type KeptHome,
  type LogFollower,
  type Place,
  type Vault,
  type WhyShut,
} from '@billtrail/vault';
import { placeOf, type Whereabouts } from './place.js';

/** A number that a document has. */
export interface GivenNumber {
  readonly series: string;
  readonly number: number;
  readonly position: Position;
}

/** Whether documents may get numbers from this log here (ADR 27). */
export interface NumberingGate {
  /** The place of this process, a hash. */
  readonly home: string;
  /** Why no document may be numbered or sent; null: the gate is open. While it is, nothing is read for that. @throws VaultUnavailable */
  shut(): Promise<WhyNotAdopted | null>;
  /** The same, where a series says that it goes on in another home: what was known of the gate is out of date. */
  shutAnew(): Promise<WhyNotAdopted>;
  /** Keeps a number in the vault before its document is issued, so that a log which lacks it is known. @throws VaultUnavailable */
  given(number: GivenNumber): Promise<void>;
}

/** Why the gate is shut. */
export interface WhyNotAdopted {
  readonly why: WhyShut;
  /** Whoever adopts it says which numbers were given last. */
  readonly asksForNumbers: boolean;
  /** In words. */
  readonly cause: string;
}

export const NOT_ADOPTED = 'LogNotAdopted';

/** Looks whether the log is at home, with the vault that follows it. */
export class Gate implements NumberingGate {
  /** As of which state of the vault's home it was found open; null: it is shut, or was not looked at. */
  private openAt: number | null = null;
  /** As of which state of it the log had all numbers that the vault knows; null: it was not looked. */
  private hadNumbersAt: number | null = null;

  private constructor(
    private readonly vault: Vault,
    private readonly log: Pick<EventStore, 'eventAt' | 'readAll'>,
    private readonly follower: LogFollower,
    private readonly where: Whereabouts,
    /** Where this process is, with the vault as it was looked at last: another one may have taken its place. */
    private here: Place,
  ) {}

  /** At each start, once the vault has followed the log: a log that was never at home takes this place. @throws VaultUnavailable */
  static async open(
    where: Whereabouts,
    vault: Vault,
    log: Pick<EventStore, 'eventAt' | 'readAll'>,
    follower: LogFollower,
  ): Promise<Gate> {
    const { vaultId } = await vault.home();
    const gate = new Gate(vault, log, follower, where, placeOf(where, vaultId));
    await gate.shut();
    return gate;
  }

  get home(): string {
    return this.here.home;
  }

  get place(): Place {
    return this.here;
  }

  async shutAnew(): Promise<WhyNotAdopted> {
    this.openAt = null;
    return (await this.shut()) ?? { why: 'moved', asksForNumbers: false, cause: 'its series go on in another place' };
  }

  /** What another process has adopted is seen. */
  async shut(): Promise<WhyNotAdopted | null> {
    const state = this.follower.homeState();
    if (this.openAt === state) return null;
    const kept = await this.looked();
    const shut = whyShut(kept, this.here);
    if (shut === null && kept.place !== null && this.hadNumbersAt === state) this.openAt = state;
    return shut;
  }

  /** For whoever puts a backup in the place of the log, or fills it from an export: no document gets a number until it is adopted. */
  async shutAfter(why: 'restored' | 'imported'): Promise<void> {
    await this.vault.shutGate({ why, asksForNumbers: why === 'restored' });
    this.openAt = null;
  }

  async given({ series, number, position }: GivenNumber): Promise<void> {
    await this.vault.noteNumber({ series, number, position });
  }

  /** What the vault keeps, once it was looked whether the log has all that was numbered, and a log that was never at home has taken this place. */
  private async looked(): Promise<KeptHome> {
    const kept = await this.vault.home();
    this.here = placeOf(this.where, kept.vaultId);
    if (kept.shut !== null) return kept;
    const state = this.follower.homeState();
    const areLacking = this.hadNumbersAt === state ? false : await this.lacksNumbers(kept);
    if (areLacking === false) this.hadNumbersAt = state;
    // A log that was empty when this place was taken may be another one by now.
    const isNew = kept.place === null || kept.logId === null;
    if (areLacking === true) await this.vault.shutGate({ why: 'not-in-log', asksForNumbers: true });
    // What could not be read is looked at later.
    else if (!isNew || this.follower.trouble() !== null) return kept;
    // A vault without the keys of what is sealed did not see what was numbered.
    else if (this.follower.incomplete() !== null && (await this.hasNumbers()))
      await this.vault.shutGate({ why: 'new-vault', asksForNumbers: true });
    else {
      const first = await logIdOf(this.log);
      if (kept.place !== null && first === null) return kept;
      await this.vault.takeHome(this.here, first);
    }
    return this.vault.home();
  }

  private async hasNumbers(): Promise<boolean> {
    try {
      const { events } = await this.log.readAll({ after: START, limit: 1, categories: ['numbering'] });
      return events.length > 0;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    }
  }

  /** Whether the log lacks a number that was given; null: it can't be read, and tells nothing. */
  private async lacksNumbers({ numbers }: KeptHome): Promise<boolean | null> {
    try {
      for (const { position } of numbers) await this.log.eventAt(position);
      return false;
    } catch (error) {
      if (error instanceof PositionUnknown) return true;
      if (error instanceof StoreUnavailable) return null;
      throw error;
    }
  }
}

/** The log's id: that of its first event; null: it has none, or can't be read. */
export async function logIdOf(log: Pick<EventStore, 'readAll'>): Promise<string | null> {
  try {
    return (await log.readAll({ after: START, limit: 1 })).events[0]?.id ?? null;
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof VaultUnavailable) return null;
    throw error;
  }
}

function whyShut({ shut, place }: KeptHome, here: Place): WhyNotAdopted | null {
  const isMoved = place !== null && place.home !== here.home;
  const moved = `it is at home in ${place?.told ?? 'another place'}, and this is ${here.told}`;
  if (shut === null) return isMoved ? { why: 'moved', asksForNumbers: false, cause: moved } : null;
  const { why, asksForNumbers } = shut;
  return { why, asksForNumbers, cause: CAUSES[why] ?? moved };
}

const CAUSES: Readonly<Partial<Record<WhyShut, string>>> = {
  'not-in-log':
    'its vault has recorded events that this log does not contain: it was restored from an older backup, or is another log, and numbers may have been given that it does not know',
  'new-vault':
    'its vault is new and saw nothing of what was numbered: the log may be a copy, and numbers may have been given that it does not know',
  restored: 'it was restored from a backup, and numbers may have been given since that it does not know',
  imported: 'it was imported, and the log that it was exported from may go on',
};

/** What to do, for whoever is told of it. */
export const ADOPT_IT =
  'See what adopting it does: billtrail adopt. Where another copy of it goes on, use that one instead.';

export function toldShut({ cause }: WhyNotAdopted): string {
  return `No document gets a number from this log before it is adopted: ${cause}.`;
}

export function notAdopted(shut: WhyNotAdopted): Refusal {
  const { why, asksForNumbers } = shut;
  return refuse(NOT_ADOPTED, toldShut(shut), ADOPT_IT, { why, asksForNumbers });
}
