import { createServer, connect, type Server, type Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';

/** What a client of PostgreSQL sends first where it wants TLS: a length and a number. */
const SSL_REQUEST_BYTES = 8;

/** Speaks TLS with a certificate before a PostgreSQL that listens on a socket. */
export async function securedPostgres(
  socketPath: string,
  certificate: { readonly cert: Buffer; readonly key: Buffer },
): Promise<{ readonly port: number; close(): void }> {
  const secureContext = createSecureContext(certificate);
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      if (socket.read(SSL_REQUEST_BYTES) === null) {
        socket.destroy();
        return;
      }
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      const behind = connect(socketPath);
      for (const end of [secured, behind]) end.on('error', () => socket.destroy());
      secured.once('close', () => behind.destroy());
      secured.pipe(behind).pipe(secured);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
