import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  PersistentSubscriptionDoesNotExistError,
  StreamNotFoundError,
  type Credentials,
} from '@eventstore/db-client';
import { StoreUnavailable } from '../store-unavailable.js';
import { leaseOf } from './engine-lease.js';
import { Connecting } from './connecting.js';
import { askedOf, FOR_ONE, MATCHES_NOTHING } from './db-client.js';
import { failureOf, unavailableFor } from './failures.js';
import { clockStreamOf } from './store-clock.js';
import { UsersOfCluster } from './users-of-cluster.js';

const ADMINISTRATORS = '$admins';
/** A role that everybody has. */
const EVERYBODY = '$all';
/** The stream of all events. */
const WHOLE_LOG = '$all';
const SETTINGS = '$settings';

/** One thing that a cluster needs so that it can hold a log. */
export interface ClusterStep {
  /** What is there once it is done, as a sentence. */
  readonly what: string;
  /** It is there already. */
  readonly isDone: boolean;
}

interface Step extends ClusterStep {
  readonly carryOut: () => Promise<void>;
}

type Roles = string | readonly string[];
/** Who may read, write and delete a stream, and read and write what is said of it. */
type Acl = Readonly<Record<'$r' | '$w' | '$d' | '$mr' | '$mw', Roles>>;
interface Settings {
  readonly $userStreamAcl?: Partial<Acl>;
}

/**
 * Prepares a cluster for one log: its user and group, `$all` readable for the group, streams that strangers can't read and its own user can't delete, and the subscription by which one server leads.
 * Done twice it changes nothing. On a cluster without users only the last is needed.
 */
export class ClusterPreparation {
  private readonly client: EventStoreDBClient;
  private readonly users: UsersOfCluster;

  private constructor(
    private readonly connecting: Connecting,
    private readonly administrator: Credentials,
  ) {
    this.client = EventStoreDBClient.connectionString(connecting.withoutCredentials);
    this.users = new UsersOfCluster(this.client, administrator);
  }

  /** Whether the connection string of the log names a user, so that an administrator has something to give. @throws StoreUnavailable */
  static needsAdministrator(url: string): boolean {
    return new Connecting(url).namesUser;
  }

  /** `url`: of the log, with the user that is to have the rights. `administrator`: null on a cluster without users. @throws StoreUnavailable */
  static of(url: string, administrator: Credentials | null): ClusterPreparation {
    const connecting = new Connecting(url);
    connecting.assertFiles();
    return new ClusterPreparation(connecting, administrator ?? connecting.credentials);
  }

  /** What is there and what is not. It changes nothing. @throws StoreUnavailable */
  async steps(): Promise<readonly ClusterStep[]> {
    return this.look();
  }

  /** Does what is not there yet, in order. @throws StoreUnavailable: what was done before stays, and it can be done again */
  async carryOut(): Promise<readonly ClusterStep[]> {
    const steps = await this.look();
    for (const step of steps) if (!step.isDone) await this.known(step.carryOut);
    return steps;
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }

  private look(): Promise<readonly Step[]> {
    return this.known(async () =>
      this.connecting.namesUser
        ? [await this.user(), await this.wholeLog(), await this.defaultAcl(), await this.lease()]
        : [await this.lease()],
    );
  }

  private async user(): Promise<Step> {
    const { username, password } = this.connecting.credentials;
    const group = this.connecting.prefix;
    const groups = await this.users.groupsOf(username);
    if (groups?.includes(ADMINISTRATORS))
      throw new StoreUnavailable(
        'not-allowed',
        `${username} is an administrator of the cluster, who could delete the log`,
        'Name a user of its own in BILLTRAIL_STORE, such as billtrail: it is made here',
      );
    const what = `the user ${username} is in the group ${group}, and signs in with the password of BILLTRAIL_STORE`;
    if (groups === null) return { what, isDone: false, carryOut: () => this.users.make(username, password, [group]) };
    const isMember = groups.includes(group);
    const signsIn = await this.signsIn();
    return {
      what,
      isDone: isMember && signsIn,
      carryOut: async () => {
        if (!isMember) await this.users.putInto(username, [...groups, group]);
        if (!signsIn) await this.users.setPassword(username, password);
      },
    };
  }

  private async wholeLog(): Promise<Step> {
    const { client } = this;
    const options = { credentials: this.administrator };
    const group = this.connecting.prefix;
    const { metadata } = await client.getStreamMetadata(WHOLE_LOG, options);
    const acl = typeof metadata?.acl === 'object' ? metadata.acl : {};
    const readers = rolesOf(acl.readRoles);
    const readRoles = withRoles(readers, group);
    return {
      what: `the group ${group} reads ${WHOLE_LOG}, which a user may not by itself`,
      isDone: readers.includes(group),
      carryOut: async () => {
        await client.setStreamMetadata(WHOLE_LOG, { ...metadata, acl: { ...acl, readRoles } }, options);
      },
    };
  }

  private async defaultAcl(): Promise<Step> {
    const settings = await this.settings();
    const group = this.connecting.prefix;
    const before = settings.$userStreamAcl ?? {};
    const others = (roles: Roles | undefined) => rolesOf(roles).filter((role) => role !== EVERYBODY);
    const shared = (roles: Roles | undefined) => withRoles(others(roles), group);
    const ofAdministrators = (roles: Roles | undefined) => withRoles(others(roles).filter((role) => role !== group));
    const acl: Acl = {
      $r: shared(before.$r),
      $w: shared(before.$w),
      $d: ofAdministrators(before.$d),
      $mr: shared(before.$mr),
      $mw: ofAdministrators(before.$mw),
    };
    const isDone = (Object.keys(acl) as (keyof Acl)[]).every((right) =>
      isSame(rolesOf(before[right]), rolesOf(acl[right])),
    );
    const rights = Object.values(before).flatMap(others);
    const more = [...new Set(rights)].filter((role) => role !== group && role !== ADMINISTRATORS);
    return {
      what: `streams without rights of their own are read and written by the group ${group} and administrators, and deleted, truncated and given other rights by administrators alone${more.length > 0 ? `; ${more.join(', ')} may what they may now` : ''}; this concerns every program on the cluster`,
      isDone,
      carryOut: async () => {
        const event = jsonEvent({ type: 'update-default-acl', data: { ...settings, $userStreamAcl: acl } });
        await this.client.appendToStream(SETTINGS, event, { credentials: this.administrator });
      },
    };
  }

  private async lease(): Promise<Step> {
    const { client } = this;
    const group = leaseOf(this.connecting);
    const options = { credentials: this.administrator };
    let most: unknown = null;
    try {
      ({ maxSubscriberCount: most } = (await client.getPersistentSubscriptionToAllInfo(group, options)).settings);
    } catch (error) {
      if (!(error instanceof PersistentSubscriptionDoesNotExistError)) throw error;
    }
    return {
      what: `the subscription ${group} lets one server at a time lead`,
      isDone: most === FOR_ONE.maxSubscriberCount,
      carryOut: () =>
        most === null
          ? client.createPersistentSubscriptionToAll(group, FOR_ONE, { filter: MATCHES_NOTHING, ...options })
          : client.updatePersistentSubscriptionToAll(group, FOR_ONE, options),
    };
  }

  private async settings(): Promise<Settings> {
    const reading = this.client.readStream(SETTINGS, {
      fromRevision: END,
      direction: BACKWARDS,
      maxCount: 1,
      credentials: this.administrator,
    });
    let settings: Settings = {};
    try {
      for await (const { event } of reading) settings = (event?.data as Settings | undefined) ?? {};
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return settings;
  }

  /** Whether the server knows the user by the password; what they may do is another matter. */
  private async signsIn(): Promise<boolean> {
    const { credentials } = this.connecting;
    try {
      for await (const _ of this.client.readStream(clockStreamOf(this.connecting), { maxCount: 1, credentials }));
      return true;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return true;
      const { kind } = await failureOf(error, askedOf(this.connecting, credentials));
      if (kind !== 'wrong-password' && kind !== 'not-allowed') throw error;
      return kind === 'not-allowed';
    }
  }

  /** What fails is told by name. Whom it does not know is the administrator here. */
  private async known<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const failure = await failureOf(error, askedOf(this.connecting, this.administrator));
      if (failure.kind !== 'wrong-password' && failure.kind !== 'not-allowed')
        throw unavailableFor(failure, this.connecting);
      const isUnknown = failure.kind === 'wrong-password';
      throw new StoreUnavailable(
        failure.kind,
        `EventStoreDB at ${this.connecting.shown} ${isUnknown ? 'does not know this administrator by this password' : 'lets only an administrator do this'}`,
        'Name an administrator of the cluster and the right password in BILLTRAIL_STORE_ADMIN',
        { cause: failure },
      );
    }
  }
}

function rolesOf(roles: Roles | undefined): readonly string[] {
  return roles === undefined ? [] : typeof roles === 'string' ? [roles] : roles;
}

/** With administrators, who may in any case: where a list is said, it alone counts. */
function withRoles(roles: readonly string[], ...more: readonly string[]): string[] {
  return [...new Set([...roles, ...more, ADMINISTRATORS])];
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((role) => others.includes(role));
}
