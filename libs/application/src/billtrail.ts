import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ClockSuspect,
  LeaseUnavailable,
  StoreUnavailable,
  type EventStore,
  type Lease,
  Position,
  type StreamName,
} from '@billtrail/event-store';
import { isRefusal, type Actor, type Refusal } from '@billtrail/kernel';
import {
  comparedWithLog,
  ReadModels,
  ReadModelStopped,
  type CatchUpProgress,
  type ParkedStream,
  type ReadModelsCompared,
} from '@billtrail/read-models';
import {
  LogFollower,
  VaultStreamKeys,
  VaultUnavailable,
  type AccessRecord,
  type FollowTrouble,
  type TakenKeys,
  type VaultIncomplete,
  type Vault,
} from '@billtrail/vault';
import { Access } from './access/access.js';
import { accessRecordIn } from './access/access-record-in.js';
import { mergeVault } from './access/merge-vault.js';
import { openVault } from './access/open-vault.js';
import { Persons } from './access/persons.js';
import { systemClock, type Clock } from './clock.js';
import type { CommandPorts, OfClient } from './command-path/command-definition.js';
import { StreamTurns } from './command-path/stream-turns.js';
import { adopt, planAdoption, type AdoptionPlan, type StatedNumbers } from './gate/adopt.js';
import { ADOPT_IT, Gate, NOT_ADOPTED, toldShut } from './gate/gate.js';
import { openLog } from './open-log.js';
import { PastAnswers } from './past/past-answers.js';
import { inItsThread, inThisThread } from './past/start-answerer.js';
import { Policies } from './policies/policies.js';
import { isRefused, type Concerns, type PolicyTrouble, type Refused } from './policies/troubles.js';
import { readModelsOf } from './read-models-of.js';
import type { StoresSetting } from './stores-setting.js';
import { ToldParked } from './told-parked.js';

export interface ApplicationOptions extends StoresSetting {
  /** Folder of all that this process keeps in files. `:memory:` for a test. */
  readonly dataDir: string;
  /** A clock that is set: it may jump. Without it, the machine's, which may be wrong and is held to the last event (`ClockSuspect`). */
  readonly clock?: Clock;
  /** Hold a clock that is set to the last event too. */
  readonly suspectClock?: boolean;
  /** Follow the log and run the policies as it grows, as a server does. Without it, {@link Billtrail.catchUp} does so on request. */
  readonly follow?: boolean;
  /**
   * Look through all files whole before they are used, as a server does. A damaged log is opened for reading only; damaged read models are thrown away and
   * filled anew; a damaged vault is refused. Without it the log and the vault are looked through where they were not closed, and damaged read models are refused.
   */
  readonly checkFiles?: boolean;
  /** Leave the read models' file as it is, and answer from none: for a command that looks for what was changed there. */
  readonly leavesReadModels?: boolean;
  /**
   * Run the policies only while this process holds the lease of the log, as a server and a command do: another one beside it is spared the work. What time alone brings is
   * recorded all the same by whoever is asked. Without it, they always run: that is as right, and does some work twice.
   */
  readonly lease?: boolean;
  /** Tells the id of this machine, null where it can't be read: for tests. */
  readonly machine?: () => string | null;
  /** Answer questions about the past in this thread too: for tests, whose sources no other thread can load. Without it they have a thread of their own. */
  readonly pastInThisThread?: boolean;
  /** Called when following has failed: a server should exit and be restarted. */
  readonly onFailure?: (error: unknown) => void;
  /** Called once for each cause for which a policy could not do something: it is tried again in each round, and readiness names it. */
  readonly onPolicyTrouble?: (trouble: PolicyTrouble, error: unknown) => void;
  /** Called once for each stream with events that can't be read or taken, while the log is followed. */
  readonly onParked?: (parked: ParkedStream) => void;
}

export interface CatchUpOptions {
  readonly onProgress?: (progress: CatchUpProgress) => void;
}

/** In the data folder. */
const READ_MODELS = 'read-models.db';
const MILLISECONDS_OF_A_MINUTE = 60_000;
const MILLISECONDS_OF_A_MOMENT = 500;
/** Until a server that follows looks anew whether the one that leads has ended. */
const MILLISECONDS_TO_LEAD = 2_000;
/** How long it takes until somebody may have freed space on a disk that was full. */
const MILLISECONDS_TO_ROOM = 1_000;

const ANOTHER_LOG =
  'The vault had followed another log, or this one before it was restored: it has followed this one from its start, and what was revoked stays revoked';

const DAMAGED_LOG =
  'What the log says of keys could not be read to its end: the vault keeps what it has, and in an older copy of it a key that was revoked since may sign in';

/** The log, the read models and the policies of one data folder: open, follow or catch up, close. */
export class Billtrail implements CommandPorts {
  private readonly policies: Policies;
  /** Who may sign in. */
  readonly access: Access;
  readonly persons: Persons;
  private readonly turns = new StreamTurns();
  /** Aborted: no further round of the policies starts. */
  private readonly closing = new AbortController();
  /** Aborted: the log is no longer followed. */
  private readonly stopping = new AbortController();
  private following: Promise<void> | null = null;
  private vaultFollowing: Promise<void> | null = null;
  private rounds: Promise<void> = Promise.resolve();
  private isRoundWaiting = false;
  private hasLease: boolean;
  private hasAsked: () => void = () => undefined;
  /** Resolves when it was asked for the first time whether this process leads. */
  private readonly asked = new Promise<void>((resolve) => (this.hasAsked = resolve));
  /** Resolves when the lease was given up; null: it was not told to. */
  private drained: Promise<void> | null = null;
  private readonly parked: ToldParked;
  private followingRefused: StoreUnavailable | VaultUnavailable | null = null;

  private constructor(
    readonly store: EventStore,
    readonly models: ReadModels,
    /** Why the read models were thrown away and are filled anew; null: they were not. */
    readonly modelsWereDamaged: string | null,
    readonly vault: Vault,
    /** Who was refused, and who read what is personal: apart from the log. */
    readonly accessRecord: AccessRecord,
    private readonly dataDir: string,
    private readonly follower: LogFollower,
    /** Whether documents may get numbers from this log here. */
    readonly gate: Gate,
    /** What whoever starts it should know of the vault. */
    readonly vaultNotices: readonly string[],
    /** Answers questions about the past; a log in memory has none. */
    readonly past: PastAnswers,
    readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
    private readonly lease: Lease | null,
    onPolicyTrouble: ApplicationOptions['onPolicyTrouble'],
    onParked: ApplicationOptions['onParked'],
  ) {
    this.hasLease = lease === null;
    this.access = new Access(vault, store, follower);
    this.persons = new Persons(vault, store, this.access, clock);
    this.parked = new ToldParked(models, (one) => onParked?.(one));
    this.policies = new Policies(this, { ...(onPolicyTrouble && { onTrouble: onPolicyTrouble }) });
  }

  /** @throws StoreUnavailable, VaultUnavailable, ReadModelsUnavailable */
  static async open({
    dataDir,
    vaultUrl,
    storeUrl,
    homeName,
    machine,
    clock: given,
    suspectClock = given === undefined,
    follow = false,
    lease = false,
    pastInThisThread = false,
    checkFiles = false,
    leavesReadModels = false,
    onFailure,
    onPolicyTrouble,
    onParked,
  }: ApplicationOptions): Promise<Billtrail> {
    const clock = given ?? systemClock;
    const inMemory = dataDir === ':memory:';
    const { vault, notices } = await openVault({ dataDir, checkFiles, ...(vaultUrl !== undefined && { vaultUrl }) });
    const keys = new VaultStreamKeys(vault);
    let store: EventStore | undefined;
    try {
      const log = storeUrl ?? (inMemory ? ':memory:' : join(dataDir, 'events.db'));
      store = await openLog(log, { keys, clock, suspectClock, comparesClock: given === undefined, check: checkFiles });
      // Before anybody signs in: a vault from an older copy holds keys that were revoked since.
      const follower = await LogFollower.start(vault, store);
      keys.makeOnlyUnless(() => follower.makesNoKeys());
      const incomplete = follower.incomplete();
      const gate = await Gate.open(
        {
          dataDir,
          isCluster: storeUrl !== undefined,
          ...(homeName !== undefined && { homeName }),
          ...(machine && { machine }),
        },
        vault,
        store,
        follower,
      );
      const shut = await gate.shut();
      const file = inMemory || leavesReadModels ? ':memory:' : join(dataDir, READ_MODELS);
      const comparedUnder = await vault.secret('read-models');
      const { models, damage } = await readModelsOf(file, store, { mend: checkFiles, keys, comparedUnder });
      const record = accessRecordIn(inMemory ? null : dataDir);
      const billtrail = new Billtrail(
        store,
        models,
        damage,
        vault,
        record.accessRecord,
        dataDir,
        follower,
        gate,
        [
          ...notices,
          ...record.notices,
          ...(follower.hadAnotherLog ? [ANOTHER_LOG] : []),
          ...(follower.damagedLog() === null ? [] : [DAMAGED_LOG]),
          ...(incomplete === null
            ? []
            : [`VaultIncomplete: ${incomplete.message}. The first that it lacks is that of ${incomplete.streams[0]}`]),
          ...(shut === null ? [] : [`${NOT_ADOPTED}: ${toldShut(shut)} ${ADOPT_IT}`]),
        ],
        new PastAnswers(pastInThisThread ? inThisThread(log) : inItsThread(log), keys),
        clock,
        onFailure ??
          ((error) => {
            throw error;
          }),
        lease ? store.capability('lease') : null,
        onPolicyTrouble,
        onParked,
      );
      // What is damaged is not read to its end: the read models answer what they hold.
      if (follow && store.damage() === null) billtrail.follow();
      return billtrail;
    } catch (error) {
      await store?.close();
      await vault.close();
      throw error;
    }
  }

  /** @throws PolicyFailed where what time brings could not be recorded, for the client or for any: a document must not be made without it. */
  async upToDate(to?: Position | OfClient): Promise<void> {
    if (to instanceof Position) return this.seen(to);
    await this.seen(await this.store.head());
    const concerns: Concerns = (clientId) => clientId === null || clientId === to?.clientId;
    await this.policies.timePassed((position) => this.seen(position), concerns);
  }

  async upToDateToMend(): Promise<void> {
    await this.seen(await this.store.head());
    await this.timePassed();
  }

  /**
   * Resolves once the read models have what time alone brings, the months that have come and the renewals of contracts, and the blocks that are renewed. Without it, that waits for
   * the policies' next round. What fails is told as any trouble of a policy.
   */
  timePassed(): Promise<void> {
    return this.policies.timePassed((position) => this.seen(position));
  }

  /** Why the read models can't be written or the policies could not record what they have to. They try again each second and each minute; null: they can. */
  trouble(): Refused | null {
    const ofLease = this.lease?.trouble() ?? null;
    return this.followingRefused ?? this.policies.troubles.refused() ?? (isRefused(ofLease) ? ofLease : null);
  }

  /** This process leads and runs the policies, as of its last round; false: another one on the log does, or none yet. Asking takes no lease. */
  runsPolicies(): boolean {
    return this.hasLease && this.lease?.lost.aborted !== true;
  }

  /** Another process holds the lease, as of the last time that this one, which follows the log, asked for it. */
  async isLedElsewhere(): Promise<boolean> {
    await this.asked;
    return !this.runsPolicies() && this.lease?.trouble() === null;
  }

  /** Why there is no lease to be had, so that every server runs the policies; null: one leads. */
  leaseTrouble(): LeaseUnavailable | null {
    const trouble = this.lease?.trouble() ?? null;
    return trouble instanceof LeaseUnavailable ? trouble : null;
  }

  private async takeLease(): Promise<boolean> {
    this.hasLease = (await this.lease?.take()) ?? true;
    this.hasAsked();
    return this.hasLease;
  }

  /** What single policies could not do in their last round, or in several. */
  policyTroubles(): readonly PolicyTrouble[] {
    return this.policies.inTrouble();
  }

  /** Why nobody may sign in, which is tried again each second, or why nothing can be sealed any more. Null: all is well. */
  vaultTrouble(): FollowTrouble | null {
    return this.follower.trouble() ?? this.follower.incomplete() ?? this.vault.lost();
  }

  /** Which keys of streams the vault lacks, as far as the log could be read; null: none. */
  vaultIncomplete(): VaultIncomplete | null {
    return this.follower.incomplete();
  }

  /**
   * Says that the keys of streams which the vault lacks are gone for good. Gives the streams. The read models are filled anew, for they hold texts that are
   * lost now. @throws where the log could not be read to its end
   */
  async acceptLostKeys(by: Actor, onProgress?: CatchUpOptions['onProgress']): Promise<readonly StreamName[]> {
    const lost = await this.access.acceptLostKeys(by, this.clock());
    if (lost.length > 0) await this.models.rebuild(undefined, onProgress);
    return lost;
  }

  /**
   * Brings keys from another copy of the vault, those that this one lacks, and fills the read models anew where streams can be read by them. Refuses:
   * VaultOfAnotherLog, VaultWithoutCheckpoint. @throws VaultUnavailable
   */
  async mergeVault(file: string, by: Actor, onProgress?: CatchUpOptions['onProgress']): Promise<TakenKeys | Refusal> {
    const { dataDir } = this;
    const taken = await mergeVault(file, this.vault, this.store, { dataDir, by, at: this.clock() });
    if (isRefusal(taken)) return taken;
    await this.follower.catchUp();
    if (taken.streamKeys > 0) await this.models.rebuild(undefined, onProgress);
    return taken;
  }

  /** What adopting the log here does. Records nothing. Refuses: SeriesNotConfigured, LastNumberTooLow, LastNumberTooHigh. */
  planAdoption(stated: StatedNumbers): Promise<AdoptionPlan | Refusal> {
    return planAdoption(this.adopting(), stated);
  }

  /** Makes this log the one that goes on here: the gate opens. Where it is open nothing is done. Refuses as {@link planAdoption}, and NumbersNeeded, LogNotAdopted. */
  adopt(by: Actor, stated: StatedNumbers): Promise<AdoptionPlan | Refusal> {
    return adopt(this.adopting(), by, stated);
  }

  private adopting() {
    const { store, vault, follower, gate, clock } = this;
    return { store, vault, follower, gate, clock };
  }

  /**
   * Compares the read models in the data folder with what was kept of their money facts, and with the log, which is folded anew into a file beside them. It changes nothing.
   * @throws ReadModelsBehind, ReadModelsUnavailable
   */
  async comparedWithLog(onProgress?: CatchUpOptions['onProgress']): Promise<ReadModelsCompared> {
    const kept = { file: join(this.dataDir, READ_MODELS), comparedUnder: await this.vault.secret('read-models') };
    return comparedWithLog(this.store, kept, join(this.dataDir, `read-models.compared-${process.pid}.db`), onProgress);
  }

  /** Resolves once read models that follow the log have this position, or after a moment. */
  async aMomentFor(position: Position): Promise<void> {
    if (this.following === null) return;
    // Where they have stopped, readiness tells it.
    const seen = this.models.waitFor(position).catch(() => undefined);
    await Promise.race([seen, pause(MILLISECONDS_OF_A_MOMENT, undefined, { ref: false })]);
  }

  private async seen(position: Position): Promise<void> {
    if (this.following) await this.models.waitFor(position);
    else if (this.store.damage() === null) await this.catchUpModels();
  }

  inTurn<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result> {
    return this.turns.take(stream, work);
  }

  /** Brings the read models to the end of the log and runs the policies, until nothing is left to do; those only where no other process holds the lease. */
  async catchUp(options: CatchUpOptions = {}): Promise<Position> {
    await this.catchUpModels(options);
    if (!(await this.takeLease())) return this.models.position();
    await this.policies.round(() => this.catchUpModels(), this.leading());
    const refused = this.policies.troubles.refused();
    // An old log can be read on any day: what the policies would record waits for a clock that is sure.
    if (refused !== null && !(refused instanceof ClockSuspect)) throw refused;
    return this.models.position();
  }

  /**
   * Leads no more: lets the policies finish the round that is under way, starts no other, and gives up the lease. What is asked and recorded goes on until it is closed. Doing
   * it twice does nothing.
   */
  drain(): Promise<void> {
    this.closing.abort();
    return (this.drained ??= this.givenUpLease());
  }

  private async givenUpLease(): Promise<void> {
    await this.rounds;
    await this.lease?.release();
    this.hasLease = false;
  }

  isDraining(): boolean {
    return this.drained !== null;
  }

  /** Drains, stops following the log, and closes the files. */
  async close(): Promise<void> {
    const drained = this.drain();
    await this.past.close();
    await drained;
    this.stopping.abort();
    await this.following?.catch(() => undefined);
    await this.vaultFollowing?.catch(() => undefined);
    this.accessRecord.close();
    await this.models.close();
    await this.closeVault();
    await this.store.close();
  }

  private async closeVault(): Promise<void> {
    try {
      await this.access.settled();
      await this.follower.save();
    } catch (error) {
      // How far it has followed is only a place to go on from: the next start goes on from an earlier one.
      if (!(error instanceof VaultUnavailable)) throw error;
    } finally {
      await this.vault.close();
    }
  }

  /** A stopped read model must not answer as if it were complete. */
  private async catchUpModels(options: CatchUpOptions = {}): Promise<void> {
    await this.models.catchUp(options);
    const stopped = this.models.status().find((model) => model.state === 'stopped');
    if (stopped)
      throw new ReadModelStopped(stopped.name, stopped.errorPosition, stopped.error ?? 'for no known reason');
  }

  private follow(): void {
    const { signal } = this.stopping;
    this.following = this.followOn(signal).catch((error: unknown) => {
      // What is read models' own to tell, an event of a newer version above all, is told by readiness and by every answer, until a version that knows it starts.
      if (!(error instanceof ReadModelStopped)) this.fail(error);
    });
    this.vaultFollowing = this.follower.follow(signal).catch((error: unknown) => this.fail(error));
    const stopListening = this.models.onComplete(() => {
      this.followingRefused = null;
      this.parked.look();
      this.wakePolicies();
    });
    // Gaps become due by the day and SLA targets by the minute, even if nothing happens.
    const everyMinute = setInterval(() => this.wakePolicies(), MILLISECONDS_OF_A_MINUTE);
    const untilItLeads = setInterval(() => {
      if (!this.runsPolicies()) this.wakePolicies();
    }, MILLISECONDS_TO_LEAD);
    for (const interval of [everyMinute, untilItLeads]) interval.unref();
    this.closing.signal.addEventListener('abort', () => {
      stopListening();
      clearInterval(everyMinute);
      clearInterval(untilItLeads);
    });
    this.wakePolicies();
  }

  /** A full disk is no reason to stop answering, nor is a log that can't be reached: as soon as it passes, what was recorded meanwhile is read. */
  private async followOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await this.models.follow(signal);
      } catch (error) {
        // Nor is a vault that can't be reached: what is sealed can be read again once it can.
        const passes = error instanceof VaultUnavailable || (error instanceof StoreUnavailable && error.mayPass);
        if (!passes) throw error;
        this.followingRefused = error;
      }
      await pause(MILLISECONDS_TO_ROOM, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** One round at a time, and one more for everything that happened meanwhile. */
  private wakePolicies(): void {
    if (this.isRoundWaiting || this.closing.signal.aborted) return;
    this.isRoundWaiting = true;
    this.rounds = this.rounds.then(() => this.roundOfPolicies());
  }

  private async roundOfPolicies(): Promise<void> {
    this.isRoundWaiting = false;
    if (this.closing.signal.aborted || !(await this.takeLease())) return;
    // A new leader's first round waits, as each does, until its own read models have reached the end of the log. Nobody waits for a policy to answer: it waits as long as the read models go on.
    await this.policies.round((position) => this.models.waitFor(position, { steps: Infinity }), this.leading());
  }

  /** Aborted once this process leads no more. */
  private leading(): AbortSignal {
    return this.lease === null ? this.closing.signal : AbortSignal.any([this.closing.signal, this.lease.lost]);
  }

  private fail(error: unknown): void {
    if (!this.closing.signal.aborted) this.onFailure(error);
  }
}
