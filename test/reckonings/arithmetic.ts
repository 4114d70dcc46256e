import { invariant } from '@billtrail/kernel';

/** An exact number, so that a page is reckoned without the product's own money. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const TOKEN = /\s*(?:([\d,]+(?:\.\d+)?)|([-+x/()]))/y;

/** What a sum of a page comes to: numbers, `+ - x /` and brackets, read as on paper. `(5 - 3) x 125.00 x 17/31`. */
function valueOf(sum: string): Fraction {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sum.trimEnd().length) {
    const match = TOKEN.exec(sum);
    invariant(match, `not a sum: ${sum}`);
    tokens.push((match[1] ?? match[2] ?? '').replaceAll(',', ''));
  }
  const added = (): Fraction => {
    let value = multiplied();
    while (tokens[0] === '+' || tokens[0] === '-') {
      const sign = tokens.shift() === '+' ? 1n : -1n;
      const next = multiplied();
      value = { over: value.over * next.under + sign * next.over * value.under, under: value.under * next.under };
    }
    return value;
  };
  const multiplied = (): Fraction => {
    let value = one();
    while (tokens[0] === 'x' || tokens[0] === '/') {
      const times = tokens.shift() === 'x';
      const next = one();
      value = times
        ? { over: value.over * next.over, under: value.under * next.under }
        : { over: value.over * next.under, under: value.under * next.over };
    }
    return value;
  };
  const one = (): Fraction => {
    const token = tokens.shift();
    invariant(token !== undefined && !')+x/'.includes(token), `a number is missing: ${sum}`);
    if (token === '-') {
      const { over, under } = one();
      return { over: -over, under };
    }
    if (token === '(') {
      const value = added();
      invariant(tokens.shift() === ')', `a bracket is open: ${sum}`);
      return value;
    }
    const [whole = '', digits = ''] = token.split('.');
    return { over: BigInt(whole + digits), under: 10n ** BigInt(digits.length) };
  };
  const value = added();
  invariant(tokens.length === 0 && value.under !== 0n, `not a sum: ${sum}`);
  return value.under < 0n ? { over: -value.over, under: -value.under } : value;
}

/** The sum in money, rounded once, half away from zero: `1,703.23` for `2,400.00 x 22/31`. */
export function reckoned(sum: string, digits: number = 2): string {
  const { over, under } = valueOf(sum);
  const scaled = (over < 0n ? -over : over) * 10n ** BigInt(digits);
  const units = (2n * scaled + under) / (2n * under);
  const text = units.toString().padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return over < 0n && units > 0n ? `-${whole}` : whole;
}

/** An amount as people write it, without its thousands separators. */
export function plain(amount: string): string {
  return amount.replaceAll(',', '');
}
