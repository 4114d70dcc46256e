import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '@billtrail/kernel';
import { commandDefinitions } from '@billtrail/application/testing';
import { House } from '../laws/kit/house.js';
import { connectionStringOf, forgetLog } from './engine-in-memory.js';
import { logWhichIsThere } from './logs-of-houses.js';
import { ProtocolServer } from './protocol-server.js';

const VAULT = 'vault.db';
/** Commands of different nodes have different ids. */
const COMMANDS_OF_A_NODE = 10_000;

/** Nodes on one log: each has read models of its own, in a folder of its own. */
export class Nodes {
  readonly houses: House[] = [];

  private constructor(
    readonly server: ProtocolServer,
    private readonly folder: string,
    private readonly from: Instant,
    private readonly storeUrl: string,
  ) {}

  /** `isWired`: they ask the server. Without it they have its log at hand, which takes half the time. */
  static async open(count: number, from: Instant, isWired = true): Promise<Nodes> {
    const folder = mkdtempSync(join(tmpdir(), 'nodes-'));
    const server = await ProtocolServer.start();
    const nodes = new Nodes(server, folder, from, isWired ? server.url : connectionStringOf(server.log));
    for (let which = 0; which < count; which++) nodes.houses.push(await nodes.start(which));
    return nodes;
  }

  get two(): readonly [House, House] {
    const [one, other] = this.houses;
    if (one === undefined || other === undefined) throw new Error('there are no two nodes');
    return [one, other];
  }

  /** One process more on the folder of a node, as if it had been killed and started again. `sent`: so many commands were sent to it before. */
  async again(which: number, sent = 0): Promise<House> {
    const house = await this.start(which, sent);
    this.houses.push(house);
    return house;
  }

  /** Each reads all and does what is left to do, until none has anything to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round++) for (const house of this.houses) await house.settle();
  }

  async close(): Promise<void> {
    for (const house of this.houses.splice(0)) await house.close();
    await this.server.stop();
    forgetLog(this.server.log);
    rmSync(this.folder, { recursive: true });
  }

  private start(which: number, sent = 0): Promise<House> {
    const dataDir = folderOfNode(this.folder, which);
    const log = logWhichIsThere({ storeUrl: this.storeUrl });
    return House.open(this.from, dataDir, which * COMMANDS_OF_A_NODE + sent, commandDefinitions, log);
  }
}

/** A folder of its own, in which only the vault is the first one's. */
export function folderOfNode(folder: string, which: number): string {
  const dataDir = join(folder, `node-${which}`);
  if (mkdirSync(dataDir, { recursive: true }) !== undefined && which > 0)
    symlinkSync(join(folder, 'node-0', VAULT), join(dataDir, VAULT));
  return dataDir;
}
