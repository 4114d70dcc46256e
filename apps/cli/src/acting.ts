import { userInfo } from 'node:os';
import { isRefusal, refuse, type Actor } from '@billtrail/kernel';
import type { AskedBy, Billtrail, SignedIn } from '@billtrail/application';
import { CommandFailed, EXIT } from './terminal/exit-codes.js';

/** The key of who acts at the command line: what is recorded there is theirs, as over HTTP. */
const KEY_VARIABLE = 'BILLTRAIL_KEY';

/** Whose key the environment holds; null: none. A key that signs nobody in, or is limited, ends the command. */
export async function personHere({ access, clock }: Billtrail): Promise<SignedIn | null> {
  const key = process.env[KEY_VARIABLE] ?? '';
  if (key === '') return null;
  const found = await access.signIn(key, clock());
  if (isRefusal(found)) throw failed({ ...found, message: `${KEY_VARIABLE}: ${found.message}` });
  const { id, readOnly, scope } = found.key;
  if (readOnly || scope.length > 0)
    throw failed(
      refuse(
        readOnly ? 'KeyReadOnly' : 'KeyOutOfScope',
        `${KEY_VARIABLE}: the key ${id} ${readOnly ? 'only reads' : 'is for parts of the HTTP API'}, and records nothing at the command line.`,
        'Use a key that was made without such a limit, or leave it out to ask something.',
        { keyId: id },
      ),
    );
  return found;
}

/**
 * Who makes persons and keys: an admin by their key, or without one whoever has an account of this machine that the folder is open to, recorded as that. So the
 * first person is made, and nobody is locked out for good.
 */
export async function keeperHere(billtrail: Billtrail): Promise<AskedBy> {
  const person = await personHere(billtrail);
  if (person === null) return { actor: accountHere(), key: null };
  const { actor, key } = person;
  if (actor.role !== 'admin')
    throw failed(
      refuse('NotAllowed', `The role ${actor.role} can't do this.`, 'It takes the key of an admin.', {
        role: actor.role,
      }),
    );
  return { actor, key };
}

function accountHere(): Actor {
  return {
    id: `os:${accountName()
      .replaceAll(/[^\w.~:-]/g, '_')
      .slice(0, 90)}`,
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

function failed({ code, message, remedy, details }: ReturnType<typeof refuse>): CommandFailed {
  return new CommandFailed(EXIT.refused, code, message, remedy, details);
}
