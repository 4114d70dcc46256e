import type { Random } from '../crash/random.js';
import { PARTIES } from '../laws/kit/parties.js';
import { CATEGORIES, CONFIGURATION, TERMS, WORK_TYPES, inCurrency } from '../laws/kit/time-and-materials.js';
import { CARE, RETAINER } from '../laws/kit/managed.js';
import { EXTREME_NUMBERS, EXTREME_TEXTS, PLAIN_TEXTS, PLAIN_WORDS, WRONG_NAMES, WRONG_VALUES } from './extremes.js';
import type { Known, Memory } from './memory.js';
import type { Schema } from './routes.js';

/** What is usual in some fields, so that most of what is sent gets past the door. A field that is not here gets what its schema takes. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  workType: WORK_TYPES,
  engineerRole: ['engineer', 'senior'],
  engineerId: ['eng-1', 'eng-2'],
  category: CATEGORIES,
  currency: ['AUD', 'AUD', 'AUD', 'AUD', 'JPY'],
  timeZone: ['Australia/Sydney', 'Asia/Tokyo', 'UTC'],
  countOf: ['server', 'workstation'],
  taxCategory: ['GST', 'GST-FREE'],
  milestoneId: ['plan', 'go-live'],
};

/** Texts whose shape is too rich to be made up: what they hold is varied. */
const WRITTEN: Readonly<Record<string, readonly object[]>> = {
  terms: [...TERMS, ...CARE, ...RETAINER].flatMap((terms) => [
    terms,
    { ...terms, renewal: { automatic: true, months: 12, noticeDays: 30 } },
  ]),
  configuration: [CONFIGURATION],
  clients: [
    PARTIES.map(({ clientId, currency, contracts }) => ({
      clientId,
      currency,
      contracts: contracts.map(({ terms, ...contract }) => ({
        ...contract,
        name: contract.contractId,
        effectiveFrom: '2026-01-01',
        terms: inCurrency(terms, currency),
      })),
    })),
  ],
};

/** A field that refers to something under another name. */
const REFERS_TO: Readonly<Record<string, readonly string[]>> = {
  into: ['ticketId'],
  duplicateOf: ['ticketId'],
  workItemId: ['timeEntryId', 'materialUsageId', 'expenseId', 'workItemId'],
  items: ['itemId', 'chargeItemId'],
  tickets: ['ticketId'],
};

/** How often what is sent is not as usual, of 1. */
export interface Oddity {
  /** A value at the end of what its field takes, or beyond. */
  readonly extreme: number;
  /** A field left out, added, or of another type. */
  readonly wrong: number;
  /** A field that may be left out is there, */
  readonly optional: number;
  /** or one of which a fitting value is known. */
  readonly known: number;
}

/** Makes bodies and parameters that fit their schemas, mostly. */
export class Bodies {
  private readonly fitting = new Map<string, readonly [plain: readonly string[], extreme: readonly string[]]>();
  private made = 0;

  constructor(
    private readonly random: Random,
    private readonly memory: Memory,
  ) {}

  /** The day that is to be usual. */
  today: string = '2026-03-12';

  chance(of: number): boolean {
    return this.random.next() < of;
  }

  newId(field: string): string {
    this.made += 1;
    return `${field.charAt(0).toUpperCase()}${this.made}`;
  }

  body(schema: Schema, known: Known, own: ReadonlySet<string>, oddity: Oddity): unknown {
    const made = this.value(schema, '', known, own, oddity);
    return this.chance(oddity.wrong) ? this.spoilt(made) : made;
  }

  value(schema: Schema, field: string, known: Known, own: ReadonlySet<string>, oddity: Oddity): unknown {
    const written = WRITTEN[field];
    if (written !== undefined && this.chance(0.95)) return this.varied(this.random.pick(written), oddity.extreme / 10);
    if (own.has(field)) return this.chance(oddity.extreme) ? this.text(schema, field, oddity) : this.newId(field);
    const type = typeof schema.type === 'object' ? this.random.pick(schema.type) : schema.type;
    const variants = schema.oneOf ?? schema.anyOf;
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined)
      return this.chance(oddity.extreme / 3) ? 'unheard-of' : this.random.pick(schema.enum);
    if (variants !== undefined) return this.value(this.random.pick(variants), field, known, own, oddity);
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return this.chance(0.5);
      case 'integer':
      case 'number':
        return this.number(schema, oddity);
      case 'array':
        return this.list(schema, field, known, own, oddity);
      case 'string':
        return this.reference(field, known) ?? this.text(schema, field, oddity);
      default:
        return this.object(schema, known, own, oddity);
    }
  }

  /** Of what is there already; null: nothing of the kind is known. */
  id(field: string, known: Known, extreme: number): string | null {
    const usual = USUAL[field];
    if (this.chance(extreme)) return this.random.pick(EXTREME_TEXTS);
    return usual === undefined ? this.reference(field, known) : this.random.pick(usual);
  }

  private object(schema: Schema, known: Known, own: ReadonlySet<string>, oddity: Oddity): object {
    const { properties = {}, required = [], additionalProperties } = schema;
    const fields = Object.entries(properties).filter(
      ([name, of]) =>
        own.has(name) ||
        (required.includes(name) && of.default === undefined) ||
        this.chance(name in known ? oddity.known : oddity.optional),
    );
    const made = fields.map(([name, of]) => [name, this.value(of, name, known, own, oddity)] as const);
    if (typeof additionalProperties !== 'object') return Object.fromEntries(made);
    const more = this.value(additionalProperties, '', known, own, oddity);
    return Object.fromEntries([...made, [this.random.pick(PLAIN_TEXTS), more]]);
  }

  private list(schema: Schema, field: string, known: Known, own: ReadonlySet<string>, oddity: Oddity): unknown[] {
    const length = Math.max(schema.minItems ?? 0, this.random.pick([0, 1, 1, 1, 2, 3]));
    const made = Array.from({ length }, () => this.value(schema.items ?? {}, field, known, own, oddity));
    return schema.uniqueItems === true ? [...new Set(made)] : made;
  }

  private number({ minimum = 0, maximum = 1e9 }: Schema, oddity: Oddity): number {
    if (this.chance(oddity.extreme)) return this.random.pick([...EXTREME_NUMBERS, minimum, maximum, maximum + 1]);
    return Math.min(maximum, Math.max(minimum, this.random.pick([1, 1, 2, 3, 7, 20, 45, 60, 70, 333])));
  }

  private reference(field: string, known: Known): string | null {
    if (field in known && this.chance(0.97)) return known[field] ?? null;
    const names = REFERS_TO[field] ?? (/Id$|^period$|^hash$/.test(field) ? [field] : []);
    if (USUAL[field] !== undefined || names.length === 0) return null;
    return this.memory.one(this.random.pick(names), this.random) ?? null;
  }

  private text(schema: Schema, field: string, { extreme }: Oddity): string {
    const [plain, extremes] = this.texts(schema);
    if (this.chance(extreme))
      return this.random.pick(this.chance(0.8) && extremes.length > 0 ? extremes : EXTREME_TEXTS);
    const usual = USUAL[field];
    if (usual !== undefined) return this.random.pick(usual);
    if (/^(period|month)$/.test(field)) return this.today.slice(0, 'YYYY-MM'.length);
    if (field === 'asOf') return this.today;
    if (schema.pattern === undefined) return this.random.pick(PLAIN_WORDS);
    if (plain.includes('2026-03-02') && this.chance(0.7)) return this.today;
    return this.random.pick(plain.length > 0 ? plain : EXTREME_TEXTS);
  }

  /** Texts that a schema takes. */
  private texts({
    pattern,
    minLength = 0,
    maxLength = Infinity,
  }: Schema): readonly [readonly string[], readonly string[]] {
    const key = `${pattern} ${minLength} ${maxLength}`;
    const found = this.fitting.get(key);
    if (found !== undefined) return found;
    const like = new RegExp(pattern ?? '', 'u');
    const fits = (text: string): boolean => text.length >= minLength && text.length <= maxLength && like.test(text);
    const both = [PLAIN_TEXTS.filter(fits), EXTREME_TEXTS.filter(fits)] as const;
    this.fitting.set(key, both);
    return both;
  }

  /** The same with some of its leaves replaced by others of their kind. */
  private varied(value: unknown, share: number): unknown {
    if (Array.isArray(value)) return value.map((one) => this.varied(one, share));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.varied(one, share)]));
    if (!this.chance(share)) return value;
    if (typeof value === 'number') return this.random.pick(EXTREME_NUMBERS);
    if (typeof value !== 'string') return this.random.pick(WRONG_VALUES);
    const kind = [/^-?\d+(\.\d+)?$/, /^\d{4}-\d{2}-\d{2}$/, /^/].find((one) => one.test(value)) ?? /^/;
    return this.random.pick(EXTREME_TEXTS.filter((text) => kind.test(text)));
  }

  /** The same with a field left out, added or of another type, at any depth. */
  private spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return this.random.pick(WRONG_VALUES);
    const entries = Object.entries(value);
    const [name] = entries.length === 0 ? [''] : this.random.pick(entries);
    const inner = (value as Record<string, unknown>)[name];
    const way = this.random.whole(0, 3);
    if (way === 0 && typeof inner === 'object' && inner !== null) return { ...value, [name]: this.spoilt(inner) };
    if (way === 1) return Object.fromEntries(entries.filter(([one]) => one !== name));
    const where = way === 2 ? name : this.random.pick(WRONG_NAMES);
    return Object.fromEntries([...entries, [where, this.random.pick(WRONG_VALUES)]]);
  }
}
