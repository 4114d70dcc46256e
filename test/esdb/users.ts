import {
  status,
  type Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import messages from '@eventstore/db-client/generated/users_pb.js';
import type {
  CreateReq,
  CreateResp,
  DetailsReq,
  DetailsResp,
  ResetPasswordReq,
  ResetPasswordResp,
  UpdateReq,
  UpdateResp,
} from '@eventstore/db-client/generated/users_pb.js';
import { DENIED, failure, notServed, type Failing } from './failing.js';
import type { LogInMemory } from './log-in-memory.js';

export interface User {
  readonly password: string;
  readonly groups: readonly string[];
}

/** To read, write, delete, and to read and write what is said of a stream. */
export type Right = '$r' | '$w' | '$d' | '$mr' | '$mw';
type Acl = Partial<Record<Right, string | readonly string[]>>;

const ADMINISTRATORS = '$admins';
const EVERYBODY = '$all';
const WHO: Failing = { code: status.UNAUTHENTICATED, details: 'Unauthenticated' };

/** Who may do what on a secured server, as its streams say: `$$STREAM` of one, `$settings` of all that say nothing; where that says nothing either, its own streams are its administrators', all others everybody's. */
export class Users {
  readonly all = new Map<string, User>();
  readonly definition = users.UsersService;

  constructor(private readonly log: () => LogInMemory) {}

  /** Why whoever calls may not; null: they may. */
  refusal(metadata: Metadata, stream: string, right: Right): Failing | null {
    const name = this.nameOf(metadata);
    if (name === null) return WHO;
    return this.administers(name) || this.rolesOf(name).some((role) => this.allowed(stream, right).includes(role))
      ? null
      : DENIED;
  }

  refusalToAdministrate(metadata: Metadata): Failing | null {
    const name = this.nameOf(metadata);
    if (name === null) return WHO;
    return this.administers(name) ? null : DENIED;
  }

  service(refusal: (metadata: Metadata) => Failing | null): UntypedServiceImplementation {
    const answered =
      <Asked, Answer>(work: (request: Asked) => Answer | Failing) =>
      (call: ServerUnaryCall<Asked, Answer>, answer: sendUnaryData<Answer>) => {
        const told = refusal(call.metadata) ?? work(call.request);
        if (typeof (told as Partial<Failing>).details === 'string') answer(failure(told as Failing));
        else answer(null, told as Answer);
      };
    return {
      create: answered<CreateReq, CreateResp>((request) => {
        const asked = request.getOptions()!;
        const name = asked.getLoginName();
        if (this.all.has(name)) return conflict(name);
        this.all.set(name, { password: asked.getPassword(), groups: asked.getGroupsList() });
        return new messages.CreateResp();
      }),
      update: answered<UpdateReq, UpdateResp>((request) => {
        const asked = request.getOptions()!;
        const user = this.all.get(asked.getLoginName());
        if (user === undefined) return notFound(asked.getLoginName());
        this.all.set(asked.getLoginName(), { ...user, groups: asked.getGroupsList() });
        return new messages.UpdateResp();
      }),
      resetPassword: answered<ResetPasswordReq, ResetPasswordResp>((request) => {
        const asked = request.getOptions()!;
        const user = this.all.get(asked.getLoginName());
        if (user === undefined) return notFound(asked.getLoginName());
        this.all.set(asked.getLoginName(), { ...user, password: asked.getNewPassword() });
        return new messages.ResetPasswordResp();
      }),
      details: (call: ServerWritableStream<DetailsReq, DetailsResp>) => {
        const name = call.request.getOptions()?.getLoginName() ?? '';
        const user = this.all.get(name);
        const refused = refusal(call.metadata) ?? (user === undefined ? notFound(name) : null);
        call.on('error', () => undefined);
        if (refused !== null) return call.emit('error', failure(refused));
        const details = new messages.DetailsResp.UserDetails();
        details.setLoginName(name);
        details.setGroupsList([...(user?.groups ?? [])]);
        const answer = new messages.DetailsResp();
        answer.setUserDetails(details);
        call.write(answer);
        return call.end();
      },
      ...notServed(['delete', 'disable', 'enable', 'changePassword']),
    };
  }

  /** Null: nobody is there by that name and password. */
  private nameOf(metadata: Metadata): string | null {
    const [basic = ''] = metadata.get('authorization');
    const [name = '', password] = Buffer.from(String(basic).replace('Basic ', ''), 'base64').toString().split(':');
    return this.all.get(name)?.password === password ? name : null;
  }

  private administers(name: string): boolean {
    return this.all.get(name)?.groups.includes(ADMINISTRATORS) === true;
  }

  private rolesOf(name: string): readonly string[] {
    return [EVERYBODY, name, ...(this.all.get(name)?.groups ?? [])];
  }

  private allowed(stream: string, right: Right): readonly string[] {
    if (stream.startsWith('$$')) return this.allowed(stream.slice(2), right === '$r' ? '$mr' : '$mw');
    const isSystem = stream.startsWith('$');
    const own = (this.lastOf(`$$${stream}`) as { $acl?: Acl })?.$acl?.[right];
    const settings = this.lastOf('$settings') as Partial<Record<'$systemStreamAcl' | '$userStreamAcl', Acl>>;
    const roles =
      own ??
      settings?.[isSystem ? '$systemStreamAcl' : '$userStreamAcl']?.[right] ??
      (isSystem ? ADMINISTRATORS : EVERYBODY);
    return typeof roles === 'string' ? [roles] : roles;
  }

  private lastOf(stream: string): unknown {
    const [event] = this.log().readStream(stream, 'end', 'backwards', 1) ?? [];
    return event && JSON.parse(Buffer.from(event.data).toString());
  }
}

function notFound(name: string): Failing {
  const details = `User '${name}' is not found.`;
  return { code: status.NOT_FOUND, details, exception: 'user-not-found', more: { 'login-name': name } };
}

function conflict(name: string): Failing {
  const details = `User '${name}' exists.`;
  return { code: status.FAILED_PRECONDITION, details, exception: 'user-conflict', more: { 'login-name': name } };
}
