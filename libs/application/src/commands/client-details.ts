import { isRefusal, monthOf, unreachable, type ForgoingFacts, type LocalDate, type Refusal } from '@billtrail/kernel';
import { askedLessByTerms, detailsOf, withDetails } from '@billtrail/billing';
import {
  canonical,
  client as clientDecider,
  siteDetailsOn,
  type ClientState,
  type ClientStreamEvent,
  type SiteDetails,
} from '@billtrail/contracts';
import type { AtDecision } from '../command-path/command-definition.js';
import { latestToday } from '../configuration.js';
import { forgoneOfTerms, unstatedIn } from './forgone.js';

/** Of which month on the details of a client change what its work is worth. */
interface Change {
  /** What of the client it is: itself, or a site. */
  readonly target: string;
  /** null: of all of it. */
  readonly from: LocalDate | null;
}

/**
 * What other details of a client or a site forgo: zone, class hours, holidays and the way there price its work, and those of a client hold from its first day on. It is
 * what is asked less for work that was approved, or whose ticket was resolved, and that is on no invoice yet, as under other terms. null: nothing. Refuses: ReadModelsDiffer.
 */
export function forgoneByDetails(
  state: ClientState,
  decided: readonly ClientStreamEvent[],
  { at, models }: AtDecision,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  const change = changeOf(state, decided);
  if (change === null || state.status === 'unknown') return null;
  const { target, from } = change;
  if (from !== null && from > latestToday(at)) return null;
  const after = decided.reduce<ClientState>(clientDecider.evolve, state);
  if (after.status === 'unknown') return null;
  const { clientId } = state;
  const first = from === null ? null : monthOf(from);
  const found = models.documentFacts.underContracts(clientId, first, () => []);
  if (isRefusal(found)) return found;
  const { months, notKnown } = found;
  const details = detailsOf(after);
  const less = askedLessByTerms(months.map(({ now }) => ({ now, underThem: () => withDetails(now, details) })));
  const period = [...months.map(({ now }) => now.period), ...notKnown.flatMap((one) => one.period ?? [])].sort()[0];
  return forgoneOfTerms(
    { target, clientId, period: period ?? first },
    [...less, ...unstatedIn(notKnown, false)],
    models,
  );
}

/** null: rating reads nothing of what changes. */
function changeOf(state: ClientState, [event]: readonly ClientStreamEvent[]): Change | null {
  if (event === undefined || state.status === 'unknown') return null;
  switch (event.type) {
    case 'ClientDetailsChanged': {
      const rated = ({ timeZone, calendar, holidays, billTo = null }: typeof state.facts): string =>
        canonical([timeZone, calendar ?? null, holidays ?? null, billTo]);
      return rated(state.facts) === rated(event.data) ? null : { target: state.clientId, from: null };
    }
    case 'SiteRegistered':
    case 'SiteDetailsChanged': {
      const { siteId, from } = event.data;
      const site = state.sites.find((one) => one.siteId === siteId);
      const before = site === undefined ? null : siteDetailsOn(site, () => from);
      return before !== null && ratedOf(before) === ratedOf(event.data) ? null : { target: siteId, from };
    }
    case 'ClientRegistered':
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return null;
    default:
      return unreachable(event);
  }
}

function ratedOf({ timeZone, calendar, holidays, billTo, travel }: SiteDetails): string {
  return canonical([timeZone, calendar, holidays, billTo, travel ?? null]);
}
