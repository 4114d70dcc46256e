import { compareTexts } from '@billtrail/kernel';
import { Reached } from './kit/reached.js';
import { overHistories } from './kit/run.js';

export interface LawsProofOptions {
  /** 10,000 is the figure of `quality.md`. */
  readonly histories: number;
  /** The same seed, the same histories. */
  readonly seed: number;
  readonly print?: (line: string) => void;
}

const TELL_EVERY = 100;

/** The proof of the laws: random histories, each looked at by all of them. Prints what they came to and answers whether all of it holds. */
export async function runLawsProof({ histories, seed, print = console.log }: LawsProofOptions): Promise<boolean> {
  const reached = new Reached();
  const verdicts: boolean[] = [];
  const check = (line: string, holds: boolean): void => {
    verdicts.push(holds);
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  const watching = reached.watching();
  let told = 0;
  const onLook: typeof watching.onLook = (look, isEnd) => {
    watching.onLook?.(look, isEnd);
    if (reached.histories < told + TELL_EVERY) return;
    told = reached.histories;
    print(`     ${told} of ${histories} histories`);
  };
  try {
    await overHistories({ ...watching, onLook, histories, seed });
  } catch (error) {
    const { message, cause } = error as Error;
    check(`a law is broken: ${message}\n${cause instanceof Error ? cause.message : ''}`, false);
  }
  check(
    `${reached.histories} histories of ${reached.of('events')} events, each looked at by all laws, ${reached.looks} times in all`,
    reached.histories === histories,
  );
  for (const { law, planted, found } of reached.planted.figures())
    check(`${law}: found ${found} of ${planted} planted bugs`, planted > 0 && found === planted);
  for (const what of ['step', 'form', 'fact', 'disposition', 'charge', 'drawn', 'event', 'gap', 'ending'])
    print(
      `     ${what}: ${reached
        .kinds(what)
        .map((kind) => `${kind} ${reached.of(`${what} ${kind}`)}`)
        .join(', ')}`,
    );
  for (const [command, { accepted, refused }] of [...reached.tally].sort(([one], [other]) => compareTexts(one, other)))
    print(
      `     ${command}: ${accepted} accepted, refused: ${[...refused].map((one) => one.join(' ')).join(', ') || 'never'}`,
    );
  check(`never reached: ${reached.missing().join(', ') || 'nothing'}`, reached.missing().length === 0);
  print(`     seed ${seed}`);
  return verdicts.every(Boolean);
}
