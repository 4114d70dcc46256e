import type { LocalDate, TimeZone } from '@billtrail/kernel';
import {
  type ClassCalendar,
  type Holiday,
  type RateCalendar,
  type SiteDetails,
  type StatedCalendar,
  type StatedRateCalendar,
  calendarOf,
  holidaysOf,
  rateCalendarOf,
  siteDetailsOn,
} from '@billtrail/contracts';
import type { PeriodFacts, TicketFacts } from '../facts.js';

/** Whose holidays they are. */
type HolidaysOf = 'site' | 'client' | 'organisation';

/** What holds where work is done: its zone, and what the contract doesn't say or may not say of the class of its hours. One object while it holds. */
export interface Locality {
  readonly timeZone: TimeZone;
  /** Class hours where the contract has none; null: nobody states any. */
  readonly calendar: ClassCalendar | null;
  /** Before those of the contract; null: the contract's own hold. */
  readonly holidays: { readonly days: readonly Holiday[]; readonly of: HolidaysOf } | null;
}

/** Where the work of a ticket is done. */
export interface Place {
  /** null: a place that is not told apart from the client. */
  readonly siteId: string | null;
  /** All that ever hold there. */
  readonly localities: readonly Locality[];
  /** The one that holds at a time, which is asked for its day in the zone of each. */
  at(dayIn: (zone: TimeZone) => LocalDate): Locality;
}

/** Zone, class hours and holidays of work: of its site, else of the client, else of the organisation (step 1 of rating.md). */
export class Places {
  readonly clientZone: TimeZone;
  readonly all: readonly Place[];
  private readonly sites = new Map<string, Place>();
  private readonly withoutSite: Place;

  private readonly calendars = new Map<StatedRateCalendar, RateCalendar>();
  private readonly configuration: PeriodFacts['configuration'];

  constructor({ clientTimeZone, places, configuration, tickets }: PeriodFacts) {
    const { organisation } = configuration;
    this.configuration = configuration;
    const spelt = (calendar: StatedCalendar | null | undefined): ClassCalendar | null =>
      calendar === null || calendar === undefined ? null : calendarOf(calendar, configuration);
    this.clientZone = clientTimeZone ?? organisation.timeZone;
    const holidays =
      places?.holidays !== undefined
        ? ({ days: holidaysOf(places.holidays, configuration), of: 'client' } as const)
        : organisation.holidays === undefined
          ? null
          : ({ days: holidaysOf(organisation.holidays, configuration), of: 'organisation' } as const);
    const ofClient: Locality = {
      timeZone: this.clientZone,
      calendar: spelt(places?.calendar ?? organisation.calendar),
      holidays,
    };
    this.withoutSite = { siteId: null, localities: [ofClient], at: () => ofClient };
    const named = new Set([...tickets.values()].map(({ siteId }) => siteId));
    for (const site of places?.sites ?? []) {
      if (!named.has(site.siteId)) continue;
      const { siteId } = site;
      const zoneOf = (details: SiteDetails): TimeZone => details.timeZone ?? this.clientZone;
      const localities = new Map<SiteDetails, Locality>(
        site.details.map((details) => [
          details,
          {
            timeZone: zoneOf(details),
            calendar: spelt(details.calendar) ?? ofClient.calendar,
            holidays:
              details.holidays === null
                ? ofClient.holidays
                : { days: holidaysOf(details.holidays, configuration), of: 'site' },
          },
        ]),
      );
      this.sites.set(siteId, {
        siteId,
        localities: [...localities.values(), ofClient],
        at: (dayIn) => {
          const details = siteDetailsOn(site, (one) => dayIn(zoneOf(one)));
          // Before its first day nothing is known of it.
          return (details && localities.get(details)) ?? ofClient;
        },
      });
    }
    this.all = [this.withoutSite, ...this.sites.values()];
  }

  /** The calendar of a version's terms, spelt out: one object while it holds. null: they have none. */
  rateCalendar(stated: StatedRateCalendar | undefined): RateCalendar | null {
    if (stated === undefined) return null;
    let calendar = this.calendars.get(stated);
    if (calendar === undefined) this.calendars.set(stated, (calendar = rateCalendarOf(stated, this.configuration)));
    return calendar;
  }

  of({ siteId }: Pick<TicketFacts, 'siteId'>): Place {
    return (siteId === null ? undefined : this.sites.get(siteId)) ?? this.withoutSite;
  }
}
