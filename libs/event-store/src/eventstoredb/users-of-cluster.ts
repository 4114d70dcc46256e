import type { Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb.js';
import messages from '@eventstore/db-client/generated/users_pb.js';

/** How the client makes calls of its own: it has none for users, and the protocol does. */
interface MakesCalls {
  execute<Result>(
    client: typeof UsersClient,
    name: string,
    call: (client: UsersClient) => Promise<Result>,
  ): Promise<Result>;
  callArguments(options: { readonly credentials: Credentials }): [never, never];
}

const NOT_FOUND = 5;

/** Users of a cluster, as an administrator makes them. */
export class UsersOfCluster {
  private readonly calls: MakesCalls;

  constructor(
    client: EventStoreDBClient,
    private readonly administrator: Credentials,
  ) {
    this.calls = client as unknown as MakesCalls;
  }

  /** Null: there is no such user. */
  async groupsOf(name: string): Promise<readonly string[] | null> {
    const options = new messages.DetailsReq.Options();
    options.setLoginName(name);
    const request = new messages.DetailsReq();
    request.setOptions(options);
    return this.calls.execute(
      UsersClient,
      'userDetails',
      (client) =>
        new Promise((resolve, reject) => {
          let groups: readonly string[] | null = null;
          client
            .details(request, ...this.callArguments())
            .on('data', (answer: InstanceType<typeof messages.DetailsResp>) => {
              groups = answer.getUserDetails()?.getGroupsList() ?? [];
            })
            .on('error', (error: { code?: number }) => (error.code === NOT_FOUND ? resolve(null) : reject(error)))
            .on('end', () => resolve(groups));
        }),
    );
  }

  async make(name: string, password: string, groups: readonly string[]): Promise<void> {
    const options = new messages.CreateReq.Options();
    options.setLoginName(name);
    options.setFullName(name);
    options.setPassword(password);
    options.setGroupsList([...groups]);
    const request = new messages.CreateReq();
    request.setOptions(options);
    await this.call((client, done) => client.create(request, ...this.callArguments(), done));
  }

  async putInto(name: string, groups: readonly string[]): Promise<void> {
    const options = new messages.UpdateReq.Options();
    options.setLoginName(name);
    options.setFullName(name);
    options.setGroupsList([...groups]);
    const request = new messages.UpdateReq();
    request.setOptions(options);
    await this.call((client, done) => client.update(request, ...this.callArguments(), done));
  }

  async setPassword(name: string, password: string): Promise<void> {
    const options = new messages.ResetPasswordReq.Options();
    options.setLoginName(name);
    options.setNewPassword(password);
    const request = new messages.ResetPasswordReq();
    request.setOptions(options);
    await this.call((client, done) => client.resetPassword(request, ...this.callArguments(), done));
  }

  private callArguments(): [never, never] {
    return this.calls.callArguments({ credentials: this.administrator });
  }

  private call(make: (client: UsersClient, done: (error: Error | null) => void) => unknown): Promise<void> {
    return this.calls.execute(
      UsersClient,
      'user',
      (client) => new Promise((resolve, reject) => make(client, (error) => (error ? reject(error) : resolve()))),
    );
  }
}
