import { userInfo } from 'node:os';
import { isRefusal, refuse, type Actor, type Refusal } from '@billtrail/kernel';
import { notSignedIn, type AskedBy, type Billtrail, type SignedIn } from '@billtrail/application';
import { KEY_VARIABLE } from './elsewhere.js';
import { CommandFailed, EXIT } from './terminal/exit-codes.js';
import { here } from './terminal/host.js';

const COMMAND_LINE = 'command-line';
/** What of an account's name fits into an id. */
const MOST_OF_AN_ACCOUNT = 90;

/** Whose key the environment holds, or a node was sent; null: none. Refuses NotSignedIn. */
async function signedInHere({ access, clock }: Billtrail): Promise<SignedIn | Refusal | null> {
  const { node } = here();
  if (node !== null) return node.askedBy;
  const key = process.env[KEY_VARIABLE] ?? '';
  return key === '' ? null : access.signIn(key, clock());
}

/** Whose key the environment holds, of one who only looks; null: nobody's who may sign in. */
export async function askerHere(billtrail: Billtrail): Promise<Actor | null> {
  const found = await signedInHere(billtrail);
  return found === null || isRefusal(found) ? null : found.actor;
}

/** Who acts: the person whose key the environment holds. One that signs nobody in, or is limited, ends the command, and so does none. */
export async function personHere(billtrail: Billtrail): Promise<SignedIn> {
  const found = await signedInHere(billtrail);
  if (found === null) throw failed(await keyMissing(billtrail));
  if (isRefusal(found))
    throw failed(
      notSignedIn(
        `${KEY_VARIABLE}: ${found.message}`,
        `Set it to another key of yours. To make one, take this one away first (unset ${KEY_VARIABLE}): ${await newKeyHere(billtrail)}`,
      ),
    );
  const { id, readOnly, scope } = found.key;
  if (readOnly || scope.length > 0)
    throw failed(
      refuse(
        readOnly ? 'KeyReadOnly' : 'KeyOutOfScope',
        `${KEY_VARIABLE}: the key ${id} ${readOnly ? 'only reads' : 'is for parts of the HTTP API'}, and does nothing at the command line.`,
        'Use a key that was made without such a limit.',
        { keyId: id },
      ),
    );
  return found;
}

/** The same, of an admin. */
export async function adminHere(billtrail: Billtrail): Promise<AskedBy> {
  const { actor, key } = await personHere(billtrail);
  if (actor.role === 'admin') return { actor, key };
  throw failed(
    refuse('NotAllowed', `The role ${actor.role} can't do this.`, 'It takes the key of an admin.', {
      role: actor.role,
    }),
  );
}

/**
 * Who makes persons and keys: an admin by their key, or without one whoever has an account of this machine that the folder is open to, recorded as that. So the
 * first person is made, and nobody is locked out for good.
 */
export async function keeperHere(billtrail: Billtrail): Promise<AskedBy> {
  const isKeySet = here().node !== null || (process.env[KEY_VARIABLE] ?? '') !== '';
  return isKeySet ? adminHere(billtrail) : { actor: accountHere(), key: null };
}

/** Keeps that a command has read what the folder holds, and who it was. */
export async function keepReading(billtrail: Billtrail, command: string): Promise<void> {
  const found = await signedInHere(billtrail).catch(() => null);
  const person = found === null || isRefusal(found) ? null : found;
  billtrail.accessRecord.note({
    kind: 'read',
    at: billtrail.clock(),
    source: here().node?.source ?? COMMAND_LINE,
    what: `billtrail ${command}`,
    personId: person?.actor.id ?? accountHere().id,
    keyId: person?.key.id ?? null,
  });
}

/** Of the first admin that there is; where there is none, of one more person. */
async function newKeyHere({ persons }: Billtrail): Promise<string> {
  const all = await persons.persons();
  const admin = all.find(({ name, roles }) => name !== null && roles.includes('admin'));
  return admin === undefined
    ? 'billtrail person add YOUR-NAME --role admin'
    : `billtrail key new --person ${admin.personId} --role admin`;
}

async function keyMissing(billtrail: Billtrail): Promise<Refusal> {
  const isAnybody = (await billtrail.persons.persons()).length > 0;
  return notSignedIn(
    `Who does this is not known: ${KEY_VARIABLE} holds no key.`,
    isAnybody
      ? `Set it to your key: export ${KEY_VARIABLE}=bt_... To make a key: ${await newKeyHere(billtrail)}`
      : `Name yourself, which prints your key, and set it: export ${KEY_VARIABLE}=$(npm run -s billtrail -- person add YOUR-NAME --role admin --key-only)`,
  );
}

function accountHere(): Actor {
  return {
    id: `os:${accountName()
      .replaceAll(/[^\w.~:-]/g, '_')
      .slice(0, MOST_OF_AN_ACCOUNT)}`,
    role: 'admin',
  };
}

/** Some machines run processes under a number without a name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function failed({ code, message, remedy, details }: Refusal): CommandFailed {
  return new CommandFailed(EXIT.refused, code, message, remedy, details);
}
