import 'reflect-metadata';
import { Equals, ValidateBy, ValidateIf } from 'class-validator';
import { shape, type Shape } from '@billtrail/kernel';
import { problemsOfShape } from '@billtrail/input';

export const MAX_MINUTES_PER_ENTRY = 24 * 60;

const described = new Map<object, Map<string, Shape<unknown>>>();

/** A field of a command whose value has this shape: class-validator checks it, and the API documents it. */
export const Field =
  (of: Shape<unknown>): PropertyDecorator =>
  (prototype, property) => {
    const known = described.get(prototype) ?? new Map<string, Shape<unknown>>();
    described.set(prototype, known.set(String(property), of));
    const validator = {
      validate: (value: unknown) => problemsOfShape(of, value, '').length === 0,
      defaultMessage: () => '$property has not its shape',
    };
    ValidateBy({ name: 'shape', validator }, { context: of })(prototype, property);
  };

/** The shapes of the fields of a command, and of what it extends. */
export function shapesOf(command: { readonly prototype: object }): ReadonlyMap<string, Shape<unknown>> {
  const all = new Map<string, Shape<unknown>>();
  for (let one: object | null = command.prototype; one !== null; one = Object.getPrototypeOf(one) as object | null)
    for (const [name, of] of described.get(one) ?? []) if (!all.has(name)) all.set(name, of);
  return all;
}

/** A field that is left out or has a value. `null` is refused where it would not be the same as leaving the field out: a filter that is null filters nothing. */
export const MayBeLeftOut = () => ValidateIf((_input: object, value: unknown) => value !== undefined);
/** The command's own name: a caller need not send it, and can't send another. */
export const CommandName = (name: string) => Equals(name);
export const IsAnId = () => Field(shape.id);
/** Of an item of work or of a charge. */
export const IsAnItemId = () => Field(shape.itemId);
/** A list that names some ids, each once. It says what it names, so an empty one is refused: it names nothing. */
const areNames = (one: Shape<string>, max: number) =>
  Field(
    shape.list(one, max, { minItems: 1, uniqueItems: true, errorMessage: 'must name at least one, or be left out' }),
  );
export const AreIds = (max: number) => areNames(shape.id, max);
export const AreItemIds = (max: number) => areNames(shape.itemId, max);
/** SHA-256, as documents show it. */
export const IsAHash = () => Field(shape.hash);
export const IsLine = (max: number = shape.MAX_LINE) => Field(shape.anyText(1, max));
export const IsText = (max: number = shape.MAX_TEXT) => Field(shape.anyText(0, max));
export const IsAnInstant = () => Field(shape.instant);
export const IsALocalDate = () => Field(shape.date);
/** The last day of something that may have no end. */
export const IsALastDay = () => Field(shape.lastDay());
export const IsAMonth = () => Field(shape.month);
export const IsADecimal = () => Field(shape.anyDecimal);
export const AreMinutes = () => Field(shape.whole(1, MAX_MINUTES_PER_ENTRY));
export const IsWholeNumber = (min: number, max: number) => Field(shape.whole(min, max));
export const IsOneOf = (values: readonly string[]) => Field(shape.oneOf(values));
export const IsTrueOrFalse = () => Field(shape.truth);
export const IsMoney = () => Field(shape.money(shape.anyDecimal));
