import type { NotKnownOf } from '../parking/parked.js';
import { Position, START } from '@billtrail/event-store';
import { compareTexts, refuse, type Refusal } from '@billtrail/kernel';

/** Rows of one page of a list. */
export const MIN_PAGE = 1;
export const MAX_PAGE = 200;
export const DEFAULT_PAGE = 50;

export interface PageRequest {
  /** {@link MIN_PAGE} to {@link MAX_PAGE}; without it {@link DEFAULT_PAGE}. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. Opaque: its content may change. */
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** null on the last page. */
  readonly nextCursor: string | null;
  /** Clients that are left out of the list, for not all is known of them. Absent: none. */
  readonly notKnown?: readonly NotKnownOf[];
}

/** A page request that can't be served. The API answers it with 400. */
export class InvalidPageRequest extends Error {
  override readonly name = 'InvalidPageRequest';
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

export function pageLimit(request: PageRequest): number {
  const limit = request.limit ?? DEFAULT_PAGE;
  if (!Number.isInteger(limit) || limit < MIN_PAGE || limit > MAX_PAGE) {
    throw new InvalidPageRequest(
      refuse(
        'page-limit',
        `limit must be ${MIN_PAGE} to ${MAX_PAGE}, not ${limit}`,
        `use at most ${MAX_PAGE} and follow nextCursor`,
        {
          limit,
          least: MIN_PAGE,
          most: MAX_PAGE,
        },
      ),
    );
  }
  return limit;
}

type CursorKey = readonly (string | number)[];

/** The sort key of the last row of a page. `list` names the list, so that a cursor of another list is refused, not misread. */
export function encodeCursor(list: string, key: CursorKey): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** The key that {@link encodeCursor} was given, checked against the types that the list sorts by. null: the first page. */
export function decodeCursor(
  list: string,
  types: readonly ('string' | 'number')[],
  cursor: string | undefined,
): CursorKey | null {
  if (cursor === undefined) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    parsed = null;
  }
  const fits =
    Array.isArray(parsed) &&
    parsed.length === types.length + 1 &&
    parsed[0] === list &&
    types.every((type, index) => isKeyPart(type, (parsed as unknown[])[index + 1]));
  if (!fits) throw notACursor(list);
  return (parsed as (string | number)[]).slice(1);
}

/** The position after which a page of a list in the order of the log begins, from a cursor that {@link encodePosition} made. {@link START}: the first page. */
export function decodePosition(list: string, cursor: string | undefined): Position {
  const [kept] = decodeCursor(list, ['string'], cursor) ?? [];
  const after = kept === undefined ? START : Position.parse(String(kept));
  if (after === null) throw notACursor(list);
  return after;
}

export function encodePosition(list: string, position: Position): string {
  return encodeCursor(list, [String(position)]);
}

function notACursor(list: string): InvalidPageRequest {
  return new InvalidPageRequest(
    refuse(
      'page-cursor',
      `the cursor is not one of the list "${list}"`,
      'send nextCursor of the previous page unchanged, or leave it out',
      { list },
    ),
  );
}

/** Numbers in a key are positions and line numbers. */
function isKeyPart(type: 'string' | 'number', part: unknown): boolean {
  return type === 'number' ? Number.isSafeInteger(part) : typeof part === 'string';
}

/** A page from rows of which one more than `limit` was read. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A page of a list that is at hand whole, in the order of its keys. `list` names it. */
export function pageOfList<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
): Page<Item> {
  const limit = pageLimit(request);
  const [after] = decodeCursor(list, ['string'], request.cursor) ?? [];
  const rest = after === undefined ? items : items.filter((item) => compareTexts(keyOf(item), String(after)) > 0);
  return pageOf(
    rest.slice(0, limit + 1),
    limit,
    (item) => item,
    (item) => encodeCursor(list, [keyOf(item)]),
  );
}
