import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isRefusal, refuse, type Refusal } from '@billtrail/kernel';
import {
  Billtrail,
  ChangePerson,
  MakeKey,
  RegisterPerson,
  RevokeKey,
  RotateKey,
  type AskedBy,
  type MadeKeyOf,
  type RecordedOfPerson,
} from '@billtrail/application';
import { pageOfList } from '@billtrail/read-models';
import { For, ForAll, TellsNothingPersonal } from '../access/access-policy.js';
import { questionOf } from '../http/asks.js';
import { bodyObject } from '../http/body-object.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { KeyQuery, PersonQuery } from '../http/persons.dto.js';
import { found } from '../http/questions.js';
import { Refused } from '../http/refused.js';
import { Records } from '../http/writes.js';

/** Who may act, and as what. Names and e-mails are in the vault; the log has ids, and who registered or re-keyed whom. */
@ApiTags('Persons')
@ApiBearerAuth()
@Controller('persons')
@For()
export class PersonsController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get()
  @ApiOperation({ summary: 'List persons by their ids' })
  async list(@Query() { limit, cursor }: PersonQuery) {
    return pageOfList('persons', await this.billtrail.persons.persons(), ({ personId }) => personId, { limit, cursor });
  }

  @Get(':personId')
  @ApiOperation({ summary: 'Get a person, with keys and who has keyed them' })
  async get(@Param('personId') personId: string) {
    return found('Person', personId, await this.billtrail.persons.told(personId));
  }

  @Records('Register a person', '', RegisterPerson, 201)
  async register(@FromCaller() caller: Caller, @Body() body: unknown) {
    const command = await questionOf(RegisterPerson, body);
    return answered(caller, await this.billtrail.persons.register(command, askedBy(caller)));
  }

  @Records('Change name, e-mail or roles of a person', ':personId/details', ChangePerson)
  async change(@FromCaller() caller: Caller, @Param('personId') personId: string, @Body() body: unknown) {
    const command = await questionOf(ChangePerson, body);
    return answered(caller, await this.billtrail.persons.change(personId, command, askedBy(caller)));
  }

  @Records('Make a key of a person, which is shown once', ':personId/keys', MakeKey, 201)
  async makeKey(@FromCaller() caller: Caller, @Param('personId') personId: string, @Body() body: unknown) {
    const command = await questionOf(MakeKey, body);
    return answered(caller, await this.billtrail.persons.makeKey(personId, command, askedBy(caller)));
  }
}

const LOST =
  'The old key ends with the answer that shows the new one. Whoever rotates their own and loses the answer is told NotSignedIn: an admin makes them another key.';

/** Keys of the API. A key itself is shown once, when it is made. */
@ApiTags('Persons')
@ApiBearerAuth()
@Controller('keys')
export class KeysController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get()
  @For()
  @ApiOperation({ summary: 'List keys by their ids' })
  async list(@Query() { limit, cursor, personId }: KeyQuery) {
    const keys = await this.billtrail.persons.keys();
    const asked = keys.filter((key) => personId === undefined || key.personId === personId);
    const inOrder = asked.toSorted((one, other) => (one.keyId < other.keyId ? -1 : 1));
    return pageOfList('keys', inOrder, ({ keyId }) => keyId, { limit, cursor });
  }

  @ForAll()
  @Records('Put another key in the place of a key', ':keyId/rotate', RotateKey, 201, LOST)
  async rotate(@FromCaller() caller: Caller, @Param('keyId') keyId: string, @Body() body: unknown) {
    nothingIn(body);
    return answered(caller, await this.billtrail.persons.rotateKey(keyId, askedBy(caller)));
  }

  @ForAll()
  @Records('Revoke a key, at once and for good', ':keyId/revoke', RevokeKey)
  async revoke(@FromCaller() caller: Caller, @Param('keyId') keyId: string, @Body() body: unknown) {
    nothingIn(body);
    const revoked = await this.billtrail.persons.revokeKey(keyId, askedBy(caller));
    if (isRefusal(revoked)) throw new Refused(revoked);
    return { ...revoked, position: String(revoked.position) };
  }
}

/** To whoever asks, of themselves. */
@ApiTags('Persons')
@ApiBearerAuth()
@Controller('me')
@ForAll()
@TellsNothingPersonal()
export class MeController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get()
  @ApiOperation({ summary: 'Show who this key says you are' })
  async me(@FromCaller() { actor, key }: Caller) {
    const { keys = [], ...person } = (await this.billtrail.persons.kept(actor.id)) ?? {};
    return { ...person, role: actor.role, key: keys.find(({ keyId }) => keyId === key.id) ?? null };
  }
}

function askedBy({ actor, key, idempotencyKey, correlationId, ifMatch }: Caller): AskedBy {
  return { actor, key, idempotencyKey, correlationId, ifMatch };
}

function answered<Recorded extends RecordedOfPerson | MadeKeyOf>(caller: Caller, recorded: Recorded | Refusal) {
  if (isRefusal(recorded)) throw new Refused(recorded);
  void caller.reply.header('etag', `"${recorded.position}"`);
  const { at: _, ...told } = recorded;
  return { ...told, position: String(recorded.position) };
}

/** What needs no body takes none. */
function nothingIn(body: unknown): void {
  const [unknown] = Object.keys(bodyObject(body));
  if (unknown !== undefined)
    throw new Refused(refuse('InvalidInput', `Unknown field \`${unknown}\`.`, 'Send an empty object.'));
}
