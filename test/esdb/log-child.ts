import { ProtocolServer } from './protocol-server.js';

/** What the parent may ask of a log in a process of its own. */
export type LogFault = 'drop' | 'restart' | 'lose answers' | 'refuse calls';

const MOST_AT_ONCE = 3;

const server = await ProtocolServer.start();

async function goesWrong(fault: LogFault): Promise<void> {
  switch (fault) {
    case 'drop':
      return server.dropSubscriptions();
    case 'restart':
      await server.stop();
      return server.listen();
    case 'lose answers':
      return server.loseAnswers(MOST_AT_ONCE);
    case 'refuse calls':
      return server.refuseCalls(MOST_AT_ONCE);
  }
}

process.on('message', (fault: LogFault) => void goesWrong(fault));
// Nobody is left to ask it anything.
process.on('disconnect', () => process.exit(0));
process.send?.({ port: server.port });
